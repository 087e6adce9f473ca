"""The two ways in which Confluence counts requests: Cloud's points an hour and Data Center's token bucket.

Each tells the client where it stands in headers on every answer, and refuses with 429 once nothing is left.
"""

import math
from datetime import datetime, timedelta
from typing import Protocol

NEARLY_SPENT = 0.2


class Quota(Protocol):
    """An account of requests."""

    def admit(self, now: datetime) -> bool:
        """Whether one more request may pass; counts it if so."""
        ...

    def settle(self, objects: int) -> None:
        """Charge what an admitted request returned beyond the request itself."""
        ...

    def headers(self, now: datetime) -> dict[str, str]:
        """The headers that say where the client stands."""
        ...


class Points:
    """Cloud: `limit` points a window of `seconds`; a request costs one and one more for each object returned."""

    def __init__(self, limit: int, seconds: float, now: datetime) -> None:
        """Open the first window now."""
        self.limit = limit
        self.window = timedelta(seconds=seconds)
        self.resets_at = now + self.window
        self.spent = 0

    def admit(self, now: datetime) -> bool:
        """Whether any points are left; the last ones may be overdrawn by a large answer."""
        if now >= self.resets_at:
            self.resets_at, self.spent = now + self.window, 0
        admitted = self.spent < self.limit
        self.spent += admitted
        return admitted

    def settle(self, objects: int) -> None:
        """One point for each object."""
        self.spent += objects

    def headers(self, now: datetime) -> dict[str, str]:
        """X-RateLimit-* with the reset as an ISO instant, and on empty the reason and Retry-After."""
        left = max(0, self.limit - self.spent)
        headers = {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(left),
            "X-RateLimit-Reset": self.resets_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        }
        if left < self.limit * NEARLY_SPENT:
            headers["X-RateLimit-NearLimit"] = "true"
        if left == 0:
            headers["RateLimit-Reason"] = "confluence-quota-global-based"
            headers["Retry-After"] = str(math.ceil((self.resets_at - now).total_seconds()))
        return headers


class Bucket:
    """Data Center: `limit` tokens, flowing back evenly so that an empty bucket is full after `seconds`."""

    def __init__(self, limit: int, seconds: float, now: datetime) -> None:
        """Start full."""
        self.limit = limit
        self.seconds = seconds
        self.tokens = float(limit)
        self.filled_at = now

    def admit(self, now: datetime) -> bool:
        """Take one token if there is one."""
        elapsed = (now - self.filled_at).total_seconds()
        self.tokens = min(float(self.limit), self.tokens + elapsed * self.limit / self.seconds)
        self.filled_at = now
        admitted = self.tokens >= 1
        self.tokens -= admitted
        return admitted

    def settle(self, objects: int) -> None:
        """Answers cost nothing here, whatever their size."""

    def headers(self, now: datetime) -> dict[str, str]:  # noqa: ARG002 - the bucket was filled when it was asked
        """The bucket's size, content and flow; Retry-After is 0 while tokens are left."""
        missing = max(0.0, 1 - self.tokens) * self.seconds / self.limit
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(int(self.tokens)),
            "X-RateLimit-FillRate": str(self.limit),
            "X-RateLimit-Interval-Seconds": str(math.ceil(self.seconds)),
            "Retry-After": str(math.ceil(missing)),
        }
