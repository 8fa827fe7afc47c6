"""Changing the champion: one at a time, only from the version that was compared against, with its reasons on the version."""

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

from stancewire.data.corpus import Corpus
from stancewire.data.errors import ArtefactError, ConfigError, StancewireError
from stancewire.models import tracking
from stancewire.models.bundle import load_bundle
from stancewire.models.retrain.gate import Decision, decide

CHAMPION = "champion"
PREVIOUS = "gate.previous_champion"
PATIENCE = 30.0
POLL = 0.1


class RaceError(StancewireError):
    """Another promotion came first; nothing was changed."""


def challenge(challenger: str, against: str, corpus: Corpus, seed: int, promote: bool) -> Decision:
    """Compare ``challenger`` with ``against``; with ``promote`` write the decision on the challenger's version, and move
    the champion's alias there if it passed.

    Where there is no champion yet, the challenger becomes the first one. Raises ConfigError where ``promote`` is asked
    for what is no registered version or against what is not the champion, RaceError where the champion changed
    meanwhile.
    """
    folder, exact = tracking.download_bundle(challenger)
    if promote and _vacant(against):
        return _first_champion(exact, against, corpus)
    other_folder, other = tracking.download_bundle(against)
    first = load_bundle(folder, corpus.codebook)
    target = registered_version(exact) if promote else None
    if target is not None:
        _check_champion(target[0], other)
    second = load_bundle(other_folder, corpus.codebook)
    if exact == other:
        raise ConfigError(f"{challenger}: is {against} itself ({exact}); expected another model")
    decision = decide((exact, first), (other, second), corpus, seed)
    if target is not None:
        name, version = target
        if decision.passed:
            move_champion(name, version, expected=_version_of(other), decision=decision)
        else:
            _tag(name, version, _decision_tags(decision, "refused"))
    return decision


def move_champion(name: str, version: str, expected: str | None, decision: Decision | None = None) -> None:
    """Point the alias at ``version`` if it still points at ``expected`` (None: at nothing); RaceError if it does not.

    The version's tags carry the decision and the champion before it, for ``rollback``.
    """
    with registry_lock(name):
        found = tracking.alias_version(name, CHAMPION)
        if found != expected:
            raise RaceError(
                f"{name}: the champion is version {found or 'none'}, expected {expected or 'none'}: another promotion "
                "came first; compare with the new champion"
            )
        tags = (
            _decision_tags(decision, "promoted") if decision else {"gate.decision": "first champion", "gate.at": _now()}
        )
        _tag(name, version, {**tags, PREVIOUS: expected or ""})
        tracking.set_alias(name, CHAMPION, version)


def rollback(name: str) -> tuple[str, str]:
    """Give the alias back to the champion before; returns (version left, version restored).

    ConfigError where there is no champion, no one before it, or that version was deleted.
    """
    with registry_lock(name):
        current = tracking.alias_version(name, CHAMPION)
        if current is None:
            raise ConfigError(f"{name}: no champion to roll back from")
        client = tracking.connect()
        previous = client.get_model_version(name, current).tags.get(PREVIOUS)
        if not previous:
            raise ConfigError(f"{name}: version {current} was the first champion; there is none to go back to")
        try:
            client.get_model_version(name, previous)
        except MlflowException as error:
            raise ConfigError(f"{name}: version {previous}, the champion before {current}, was deleted") from error
        _tag(name, current, {"gate.rolled_back_at": _now()})
        tracking.set_alias(name, CHAMPION, previous)
    return current, previous


@contextmanager
def registry_lock(name: str, patience: float = PATIENCE) -> Iterator[None]:
    """Hold the registry's lock on changing the champion of ``name``, on whichever machine the others run.

    The registry has no compare-and-set, but it refuses to create a registered model twice: the lock is one called
    ``NAME.lock``, which exists while somebody holds it. Raises RaceError where it is not free within ``patience`` seconds.
    """
    client, lock = tracking.connect(), f"{name}.lock"
    holder = f"{socket.gethostname()} process {os.getpid()}, {_now()}"
    deadline = time.monotonic() + patience
    while not _acquire(client, lock, holder):
        if time.monotonic() > deadline:
            raise RaceError(
                f"{name}: another promotion holds the lock ({_holder(client, lock)}); wait, or if that process is gone "
                f"delete the registered model {lock!r}"
            )
        time.sleep(POLL)
    try:
        yield
    finally:
        client.delete_registered_model(lock)


def registered_version(uri: str) -> tuple[str, str]:
    """Return (name, version) of ``models:/NAME/VERSION`` or of a run's registered model; ConfigError for anything else."""
    if uri.startswith("models:/") and uri.count("/") == 2:
        name, _, version = uri.removeprefix("models:/").partition("/")
        return name, version
    if uri.startswith("runs:/"):
        run = uri.removeprefix("runs:/").partition("/")[0]
        found = tracking.connect().search_model_versions(f"run_id='{run}'")
        if found:
            newest = max(found, key=lambda one: int(one.version))
            return str(newest.name), str(newest.version)
    raise ConfigError(f"{uri}: expected a registered model, models:/NAME/VERSION or @ALIAS; only those can be promoted")


def _vacant(against: str) -> bool:
    """Tell whether ``against`` names the champion of a model that has none."""
    name, _, alias = against.removeprefix("models:/").partition("@")
    return against.startswith("models:/") and alias == CHAMPION and tracking.alias_version(name, CHAMPION) is None


def _first_champion(exact: str, against: str, corpus: Corpus) -> Decision:
    name, version = registered_version(exact)
    if against != f"models:/{name}@{CHAMPION}":
        raise ConfigError(f"--promote needs --against models:/{name}@{CHAMPION}, found {against}")
    decision = Decision(True, ("there was no champion yet",), exact, "nobody", (), corpus.digest, 0, 0)
    move_champion(name, version, expected=None, decision=decision)
    return decision


def _check_champion(name: str, against: str) -> None:
    champion = tracking.alias_version(name, CHAMPION)
    if champion is None or against != f"models:/{name}/{champion}":
        raise ConfigError(
            f"--promote needs --against models:/{name}@{CHAMPION} (version {champion or 'none'}), found {against}"
        )


def _version_of(uri: str) -> str:
    return uri.rpartition("/")[2]


def _acquire(client: MlflowClient, lock: str, holder: str) -> bool:
    try:
        client.create_registered_model(lock, tags={"holder": holder}, description="Held while a champion changes.")
    except MlflowException as error:
        if error.error_code == "RESOURCE_ALREADY_EXISTS":
            return False
        raise ArtefactError(f"the registry does not answer: {' '.join(str(error).split())[:300]}") from error
    return True


def _holder(client: MlflowClient, lock: str) -> str:
    try:
        return str(client.get_registered_model(lock).tags.get("holder", "unknown"))
    except MlflowException:
        return "just freed"


def _decision_tags(decision: Decision, outcome: str) -> dict[str, str]:
    return {
        "gate.decision": outcome,
        "gate.against": decision.champion,
        "gate.reasons": "; ".join(decision.reasons),
        "gate.figures": json.dumps(decision.figures()),
        "gate.data_digest": decision.digest,
        "gate.articles": str(decision.articles),
        "gate.at": _now(),
    }


def _tag(name: str, version: str, tags: dict[str, str]) -> None:
    client = tracking.connect()
    for key, value in tags.items():
        client.set_model_version_tag(name, version, key, value)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
