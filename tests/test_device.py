"""Where tensors live: what is asked for, what the environment says, and what is not there."""

import pytest
import torch

from makemore import device
from makemore.device import DEVICES, DeviceError, choose, describe


@pytest.fixture(autouse=True)
def _machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with a CUDA card and no MPS, whatever this one is."""
    monkeypatch.delenv("MAKEMORE_DEVICE", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)


def test_cuda_where_it_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose() == torch.device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert choose() == torch.device("cpu")
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: True)
    assert choose() == torch.device("cpu")  # only on demand
    assert choose("mps") == torch.device("mps")


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
