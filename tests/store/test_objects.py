"""Places for objects, alike in a folder and in a bucket: whole or not there, and gone when nobody wants them."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from threading import Thread

import obstore
import pytest
from obstore.store import LocalStore, MemoryStore, ObjectStore

from mainstem.store.bucket import Bucket
from mainstem.store.errors import BucketRefuses, NotKept, TooLarge
from mainstem.store.objects import Folder, Objects
from tests.store import s3


@pytest.fixture
def stand() -> Iterator[s3.Stand]:
    with s3.bucket() as stand:
        yield stand


@pytest.fixture(params=["folder", "memory", "disk", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Objects:
    here = Folder(tmp_path / "objects")
    stores: dict[str, Callable[[], ObjectStore]] = {
        "memory": MemoryStore,
        "disk": lambda: LocalStore(tmp_path_factory.mktemp("bucket")),
        "s3": lambda: request.getfixturevalue("stand").store(),
    }
    return here if request.param == "folder" else Bucket(stores[request.param](), here)


def add(objects: Objects, chunks: Iterable[bytes], most: int = 100) -> str:
    with objects.adding(most=most) as writing:
        for chunk in chunks:
            writing.write(chunk)
    return writing.digest


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def names(store: ObjectStore) -> list[str]:
    return [str(one["path"]) for some in obstore.list(store) for one in some]


def test_what_was_added_is_found_by_its_hash(objects: Objects) -> None:
    path = objects.path(add(objects, [b"one ", b"two"]))
    assert path is not None
    assert path.read_bytes() == b"one two"


def test_the_same_bytes_are_kept_once(objects: Objects, tmp_path: Path) -> None:
    assert add(objects, [b"same"]) == add(objects, [b"sa", b"me"])
    assert len(files(tmp_path)) == 1


def test_there_is_nothing_under_no_hash_or_an_unknown_one(objects: Objects) -> None:
    add(objects, [b"one"])
    assert objects.path("") is None
    assert objects.path("ab" * 32) is None


def test_nothing_stays_of_what_breaks_off_or_is_too_large(objects: Objects, tmp_path: Path) -> None:
    def broken() -> Iterable[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        add(objects, broken())
    with pytest.raises(TooLarge, match="open it in Confluence"):
        add(objects, [b"123", b"456"], most=5)
    assert not files(tmp_path)


def test_a_sweep_drops_what_is_unwanted_and_leaves_all_else(objects: Objects) -> None:
    wanted, unwanted = add(objects, [b"one"]), add(objects, [b"two"])
    objects.sweep(nullcontext([unwanted, "ab" * 32]))
    assert objects.path(wanted) is not None
    assert objects.path(unwanted) is None


def test_where_nothing_ever_came_nothing_is_swept(objects: Objects) -> None:
    objects.sweep(nullcontext([]))


def test_what_comes_back_during_a_sweep_is_there_after_it(objects: Objects) -> None:
    digest = add(objects, [b"old"])
    comes = Thread(target=add, args=(objects, [b"old"]))

    @contextmanager
    def unwanted() -> Iterator[list[str]]:
        comes.start()
        comes.join(0.2)
        yield [digest]

    objects.sweep(unwanted())
    comes.join()
    assert objects.path(digest) is not None


def test_what_was_begun_and_never_finished_goes_when_the_folder_is_owned_anew(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    kept = add(folder, [b"one"])
    (tmp_path / "begun-x").touch()
    folder.tidy()
    assert [path.name for path in files(tmp_path)] == [kept]


def test_a_folder_that_takes_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(NotKept, match="room"):
        add(Folder(tmp_path / "file"), [b"one"])


def test_a_bucket_brings_what_is_asked_for_and_keeps_here_what_has_room(tmp_path: Path) -> None:
    store = MemoryStore()
    one = add(Bucket(store, Folder(tmp_path / "first")), [b"one"])
    here = tmp_path / "second"
    other = Bucket(store, Folder(here), most_here=4)
    path = other.path(one)
    assert path is not None
    assert path.read_bytes() == b"one"
    two = add(other, [b"two!"])
    other.sweep(nullcontext([]))
    assert [path.name for path in files(here)] == [two]
    assert names(store) == sorted(f"{digest[:2]}/{digest}" for digest in (one, two))
    assert other.path(one) is not None


def test_what_was_kept_before_there_was_a_bucket_is_sent_there_before_it_goes(tmp_path: Path, stand: s3.Stand) -> None:
    here = Folder(tmp_path)
    digest = add(here, [b"the only one"])
    bucket = Bucket(stand.store(), here, most_here=4)
    stand.refusal = 404, "NoSuchBucket"
    with pytest.raises(BucketRefuses, match="no such bucket"):
        bucket.sweep(nullcontext([]))
    assert here.path(digest)
    stand.refusal = None
    bucket.sweep(nullcontext([]))
    assert not files(tmp_path)
    assert bucket.path(digest)


def test_what_a_bucket_has_under_a_name_that_is_not_its_hash_is_not_taken(tmp_path: Path) -> None:
    store, digest = MemoryStore(), "ab" * 32
    obstore.put(store, f"ab/{digest}", b"something else")
    assert Bucket(store, Folder(tmp_path)).path(digest) is None
    assert not files(tmp_path)


def test_a_sweep_touches_nothing_in_a_bucket_that_the_hub_did_not_keep(tmp_path: Path) -> None:
    store = MemoryStore()
    obstore.put(store, "payroll.xlsx", b"not ours")
    bucket = Bucket(store, Folder(tmp_path))
    digest = add(bucket, [b"ours"])
    bucket.sweep(nullcontext([digest]))
    assert names(store) == ["payroll.xlsx"]


def deeds(bucket: Bucket) -> list[Callable[[], object]]:
    return [
        lambda: bucket.path("ab" * 32),
        lambda: add(bucket, [b"one"]),
        lambda: bucket.sweep(nullcontext(["ab" * 32])),
    ]


@pytest.mark.parametrize(
    ("status", "code", "cause"),
    [
        (403, "AccessDenied", "may not do this"),
        (401, "InvalidAccessKeyId", "does not take"),
        (400, "AuthorizationHeaderMalformed", "does not answer as"),
        (500, "InternalError", "does not answer as"),
    ],
)
def test_a_bucket_that_refuses_says_why_and_what_to_do_but_no_key(
    stand: s3.Stand, tmp_path: Path, status: int, code: str, cause: str
) -> None:
    stand.refusal = status, code
    for deed in deeds(Bucket(stand.store(), Folder(tmp_path))):
        with pytest.raises(BucketRefuses, match=f"{cause}.*an admin should.*MAINSTEM_OBJECTS_URL") as refused:
            deed()
        assert not {"the-secret", "AKIAMADEUP"} & set(str(refused.value).split())
        assert refused.value.__cause__ is None
    assert not files(tmp_path)


def test_a_bucket_that_is_away_is_no_reason_to_think_that_nothing_is_there(tmp_path: Path) -> None:
    with s3.bucket() as gone:
        store = gone.store()
    for deed in deeds(Bucket(store, Folder(tmp_path))):
        with pytest.raises(BucketRefuses, match="does not answer as a bucket does"):
            deed()


def test_a_bucket_that_was_never_made_says_so_when_something_is_to_be_kept(stand: s3.Stand, tmp_path: Path) -> None:
    stand.refusal = 404, "NoSuchBucket"
    with pytest.raises(BucketRefuses, match="no such bucket"):
        add(Bucket(stand.store(), Folder(tmp_path)), [b"one"])
