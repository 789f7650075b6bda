"""The configuration for nginx: each server has a group in which the others stand by, and a number."""

import re

import pytest

from makemore.server.front import TEMPLATE, configuration, main

THREE = ["8501", "10.0.0.2:8501", "[fd00::2]:8501"]
WHOLE = ["127.0.0.1:8501", "10.0.0.2:8501", "[fd00::2]:8501"]


def upstreams(text: str) -> dict[str, list[tuple[str, bool]]]:
    """By group, each server and whether it only stands by."""
    found = re.findall(r"upstream (\w+) \{(.*?)\n    \}", text, flags=re.DOTALL)
    lines = {name: re.findall(r"server (\S+)( backup)? max_fails", body) for name, body in found}
    return {name: [(address, bool(by)) for address, by in each] for name, each in lines.items()}


def numbers(text: str) -> dict[re.Pattern[str], int]:
    """The rules by which the number of who has answered is told."""
    (rules,) = re.findall(r"map \$upstream_addr .*?\{(.*?)\n    \}", text, flags=re.DOTALL)
    return {re.compile(rule): int(n) for rule, n in re.findall(r'"~(\S+ ?\S*)" (\d+);', rules)}


def test_every_server_is_first_in_its_own_group_and_stands_by_in_the_others() -> None:
    groups = upstreams(configuration(THREE))
    assert groups.pop("every") == [(each, False) for each in WHOLE]
    assert len(groups) == len(WHOLE)
    for number, first in enumerate(WHOLE, 1):
        ways = groups[f"server_{number}"]
        assert dict(ways) == {each: each != first for each in WHOLE}


@pytest.mark.parametrize(
    ("tried", "number"),
    [
        ("127.0.0.1:8501", 1),
        ("127.0.0.1:8501, 10.0.0.2:8501", 2),
        ("10.0.0.2:8501, 127.0.0.1:8501", 1),
        ("127.0.0.1:8501, [fd00::2]:8501", 3),
        ("110.0.0.2:8501", None),
        ("every", None),
        ("", None),
    ],
)
def test_the_number_is_that_of_the_server_that_was_tried_last(
    tried: str, number: int | None
) -> None:
    found = [n for rule, n in numbers(configuration(THREE)).items() if rule.search(tried)]
    assert found == ([] if number is None else [number])


def test_nothing_is_left_to_fill_in_and_it_listens_on_this_machine_alone() -> None:
    text = configuration(["8501"])
    assert re.findall(r"@\w+@", TEMPLATE.read_text()) == [
        "@UPSTREAMS@", "@GROUPS@", "@NUMBERS@", "@LISTEN@"
    ]  # fmt: skip
    assert "@" not in text
    assert re.findall(r"listen (\S+);", text) == ["127.0.0.1:8500"]
    assert "listen 0.0.0.0:80;" in configuration(["8501"], listen="0.0.0.0:80")


@pytest.mark.parametrize(
    "wrong",
    ["", "0", "65536", "host:8501", "1.2.3:80", "1.2.3.4", "1.2.3.4:8501;", "[::1:80", "{}", "1\n"],
)
def test_what_is_no_address_is_refused_in_one_line(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (["8501", wrong], ["8501", "--listen", wrong]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = capsys.readouterr()
        assert ended.value.code == 2
        assert "is no address; write 8501" in said.err
        assert not said.out


@pytest.mark.parametrize("servers", [[], ["8501", "127.0.0.1:8501"]])
def test_each_server_is_named_once(servers: list[str]) -> None:
    with pytest.raises(ValueError, match="name each server once"):
        configuration(servers)


def test_the_command_prints_it_and_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["8501", "8502"]) == 0
    said = capsys.readouterr()
    assert said.out == configuration(["8501", "8502"])
    assert "nginx -p FOLDER -c nginx.conf" in said.err
