"""Where tensors live: what is asked for, what the environment says, and what is not there."""

import os
from collections.abc import Iterator

import pytest
import torch

from makemore import device
from makemore.device import DEVICES, DeviceError, choose, describe


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with a CUDA card and no MPS, whatever this one is."""
    monkeypatch.delenv("MAKEMORE_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", "")
    monkeypatch.delenv("CUBLAS_WORKSPACE_CONFIG")
    yield
    torch.use_deterministic_algorithms(False)


def test_cuda_where_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose() == torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose() == torch.device("cpu")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose() == torch.device("cpu")  # only on demand
    assert choose("mps") == torch.device("mps")


@pytest.mark.parametrize(("batch_size", "name"), [(0, "cuda"), (32, "cpu"), (2_848, "cuda")])
def test_small_batches_stay_on_the_cpu_unless_a_device_is_named(
    batch_size: int, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert choose(batch_size=batch_size) == torch.device(name)
    assert choose("cuda", batch_size=batch_size) == torch.device("cuda")
    monkeypatch.setenv("MAKEMORE_DEVICE", "cuda")
    assert choose(batch_size=batch_size) == torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.delenv("MAKEMORE_DEVICE")
    assert choose(batch_size=batch_size) == torch.device("cpu")


def test_a_card_is_told_to_add_up_in_the_same_order_each_time() -> None:
    choose("cpu")
    assert not torch.are_deterministic_algorithms_enabled()
    choose("cuda")
    assert torch.are_deterministic_algorithms_enabled()
    assert os.environ["CUBLAS_WORKSPACE_CONFIG"] == ":4096:8"


def test_the_environment_overrides_and_the_argument_overrides_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAKEMORE_DEVICE", "cpu")
    assert choose() == torch.device("cpu")
    assert choose("cuda") == torch.device("cuda")
    monkeypatch.setenv("MAKEMORE_DEVICE", "")
    assert choose() == torch.device("cuda")


@pytest.mark.parametrize("wanted", ["tpu", "CPU", "cuda:1", " cpu"])
def test_an_unknown_device(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DeviceError, match="known ones: cpu, cuda, mps"):
        choose(wanted)
    monkeypatch.setenv("MAKEMORE_DEVICE", wanted)
    with pytest.raises(DeviceError, match="known ones: cpu, cuda, mps"):
        choose()


@pytest.mark.parametrize("wanted", ["cuda", "mps"])
def test_a_device_that_is_not_there(wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(DeviceError, match=f"no {wanted.upper()} device here; use cpu"):
        choose(wanted)


def test_names() -> None:
    assert DEVICES == ("cpu", "cuda", "mps")
    assert describe(torch.device("cpu")) == "cpu"


def test_a_card_is_called_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda _: "a card")
    assert describe(torch.device("cuda")) == "a card"


def test_one_thread() -> None:
    torch.set_num_threads(2)
    device.use_one_thread()
    assert torch.get_num_threads() == 1


@pytest.mark.parametrize(("batch_size", "many"), [(0, False), (32, False), (2_848, True)])
def test_large_batches_use_every_core(batch_size: int, many: bool) -> None:
    before = torch.get_num_threads()
    try:
        device.use_threads(batch_size)
        assert torch.get_num_threads() == (device.cores() if many else 1)
    finally:
        torch.set_num_threads(before)


def test_the_processor_has_a_name_and_the_instructions_that_decide_floats() -> None:
    name, _, instructions = device.processor().rpartition(", ")
    assert name.strip()
    assert instructions == torch.backends.cpu.get_cpu_capability()
