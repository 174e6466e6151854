"""The contract that every store keeps: SQLite in a file, DynamoDB over a connection."""

import json
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listener import ANNA, BEN, KEY, NINETY_DAYS, asked_by, parsed

from skill.dialogue import State
from skill.memory import Kept, Store

ATTRIBUTES = Kept("distant", 0, None, 85, True).attributes()
A, B = parsed(asked_by(ANNA)), parsed(asked_by(BEN))


@dataclass
class Subject:
    """A store with a clock that the test sets, and all that it really holds."""

    store: Store
    held: Callable[[], str]
    now: float = 1_800_000_000.0


@pytest.fixture(params=["sqlite", "dynamodb"])
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    made: Subject
    if request.param == "sqlite":
        from skill.memory.sqlite import SqliteStore

        file = tmp_path / "a folder" / "memory.sqlite3"

        def held() -> str:
            return "".join(each.read_bytes().decode("latin-1") for each in file.parent.glob("*"))

        made = Subject(SqliteStore(file, KEY.listener, now=lambda: made.now), held)
        return made
    endpoint = request.getfixturevalue("endpoint")
    import stores

    table = stores.create_table(endpoint)
    store = stores.table_store(KEY, table, now=lambda: made.now)
    made = Subject(store, lambda: json.dumps(stores.rows(endpoint, table)))
    return made


def test_nothing_is_there_before_it_is_kept(subject: Subject) -> None:
    assert subject.store.get_attributes(A) == {}
    assert subject.store.update_attributes(A, ATTRIBUTES) is False
    subject.store.delete_attributes(A)
    assert subject.store.get_attributes(A) == {}


def test_what_is_kept_comes_back_to_whom_it_belongs(subject: Subject) -> None:
    subject.store.save_attributes(A, ATTRIBUTES)
    assert Kept.restored(subject.store.get_attributes(A)) == Kept("distant", 0, None, 85, True)
    assert subject.store.get_attributes(B) == {}


def test_an_update_replaces_and_a_second_yes_too(subject: Subject) -> None:
    subject.store.save_attributes(A, ATTRIBUTES)
    assert subject.store.update_attributes(A, ATTRIBUTES | {"sentence": 2}) is True
    assert Kept.restored(subject.store.get_attributes(A)) == Kept("distant", 0, 2, 85, True)
    subject.store.save_attributes(A, ATTRIBUTES | {"reading": "local"})
    assert Kept.restored(subject.store.get_attributes(A)) == Kept("local", 0, None, 85, True)


def test_what_is_deleted_is_gone_and_no_update_brings_it_back(subject: Subject) -> None:
    subject.store.save_attributes(A, ATTRIBUTES)
    subject.store.save_attributes(B, ATTRIBUTES)
    subject.store.delete_attributes(A)
    assert subject.store.get_attributes(A) == {}
    assert subject.store.update_attributes(A, ATTRIBUTES) is False
    assert KEY.listener(A) not in subject.held()
    assert subject.store.get_attributes(B)


def test_after_ninety_days_it_is_as_if_it_were_not_there(subject: Subject) -> None:
    subject.store.save_attributes(A, ATTRIBUTES)
    subject.now += NINETY_DAYS - 1
    assert subject.store.get_attributes(A)
    assert subject.store.update_attributes(A, ATTRIBUTES), "moving on starts the time anew"
    subject.now += NINETY_DAYS - 1
    assert subject.store.get_attributes(A)
    subject.now += 2
    assert subject.store.get_attributes(A) == {}
    assert subject.store.update_attributes(A, ATTRIBUTES) is False


def test_it_holds_a_keyed_hash_for_the_user_and_no_other_field(subject: Subject) -> None:
    subject.store.save_attributes(A, ATTRIBUTES)
    held = subject.held()
    assert ANNA not in held
    assert KEY.listener(A) in held
    for name in State._fields:
        assert (f'"{name}"' in held) is (name in Kept._fields), name


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.builds(
        Kept,
        st.none() | st.text(st.characters(codec="utf-8"), min_size=1, max_size=60),
        st.integers(0, 1000),
        st.none() | st.integers(0, 1000),
        st.integers(20, 200),
        st.booleans(),
    )
)
def test_anything_that_may_be_kept_comes_back_as_it_was(subject: Subject, kept: Kept) -> None:
    subject.store.save_attributes(A, kept.attributes())
    assert Kept.restored(subject.store.get_attributes(A)) == kept


def test_many_at_once(subject: Subject) -> None:
    envelopes = [parsed(asked_by(f"user {number}")) for number in range(6)]
    failed: list[Exception] = []

    def works(envelope: Any) -> None:
        try:
            subject.store.save_attributes(envelope, ATTRIBUTES)
            for sentence in range(3):
                assert subject.store.update_attributes(envelope, ATTRIBUTES | {"sentence": sentence})
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=works, args=(each,)) for each in envelopes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert all(subject.store.get_attributes(each)["sentence"] == 2 for each in envelopes)


def test_the_file_is_its_owner_s_alone_and_has_one_table_and_a_log(tmp_path: Path) -> None:
    from skill.memory.sqlite import SqliteStore

    file = tmp_path / "new" / "memory.sqlite3"
    store = SqliteStore(file, KEY.listener)
    store.get_attributes(A)
    store.delete_attributes(A)
    assert not file.parent.exists(), "nothing is created before the first yes"
    store.save_attributes(A, ATTRIBUTES)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    database = sqlite3.connect(file)
    assert database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("kept",)]
    assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()
