"""The two families side by side: what a client promises is tested on both."""

import pytest

from mainstem.wiki.content import Deployment
from tests.confluence.wikis import Wiki, build_wiki


@pytest.fixture(params=list(Deployment), ids=str)
def wiki(request: pytest.FixtureRequest) -> Wiki:
    """An emulated site with the spaces ENG and SEC and no page yet, once as Cloud and once as Data Center."""
    return build_wiki(request.param)


@pytest.fixture
def cloud() -> Wiki:
    """The same site as Cloud."""
    return build_wiki(Deployment.CLOUD)


@pytest.fixture
def datacenter() -> Wiki:
    """The same site as Data Center 9.2."""
    return build_wiki(Deployment.DATA_CENTER)
