"""Our additions to the standard: documented, and used as documented."""

from __future__ import annotations

import pytest

from bedrot.contracts.custom_properties import COLUMN_PROPERTIES, CONTRACT_PROPERTIES

EVERY = {**CONTRACT_PROPERTIES, **COLUMN_PROPERTIES}


@pytest.mark.parametrize("name", EVERY)
def test_every_custom_property_is_a_described_camel_case_name(name: str) -> None:
    assert name[0].islower()
    assert name.isalnum()
    assert EVERY[name].description.endswith(".")


def test_no_name_means_two_things() -> None:
    assert not set(CONTRACT_PROPERTIES) & set(COLUMN_PROPERTIES)
