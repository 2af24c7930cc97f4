"""A package's names come from the modules where they live, once."""

from __future__ import annotations

from typing import Any

import pytest

from claimset.lazy_exports import lazy_exports


def test_a_name_is_imported_when_it_is_asked_for_and_kept() -> None:
    namespace: dict[str, Any] = {"__name__": "claimset.models"}
    find = lazy_exports(namespace, {"Claim": "claim"})
    assert "Claim" not in namespace
    found = find("Claim")
    assert namespace["Claim"] is found
    assert getattr(found, "__name__", None) == "Claim"


def test_homes_may_lie_below_another_package() -> None:
    find = lazy_exports(
        {"__name__": "claimset.models"}, {"sha256_hex": "identifiers"}, base="claimset"
    )
    assert callable(find("sha256_hex"))


def test_a_name_without_a_home_is_no_attribute() -> None:
    find = lazy_exports({"__name__": "claimset.models"}, {})
    with pytest.raises(
        AttributeError, match=r"module 'claimset\.models' has no attribute 'nothing'"
    ):
        find("nothing")
