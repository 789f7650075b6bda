"""What was found, one box each: the number against its threshold, the way to its mark, and its repair."""

from collections.abc import Callable, Sequence

import streamlit as st

from makemore.diagnostics.layers.diagnose import RULES, Finding
from makemore.inference.readings import Reading
from makemore.lessons.diagnostics.finding_words import MEANS, button, sentence

Press = Callable[[Finding], None]
PRESSED = (
    "findings_pressed"  # in the session: a button of the list was, which concerns the whole page
)


def list_findings(
    findings: Sequence[Finding],
    looks: Sequence[Reading],
    *,
    key: str,
    show: Press | None = None,
    repair: Press | None = None,
    repairs: Callable[[Finding], bool] = lambda finding: True,
) -> None:
    """All of them, or that the net is healthy. `show` goes to the mark, `repair` starts the repaired run
    beside the sick one, where `repairs` says that the net has that setting."""
    if not findings:
        st.success(f"**Healthy:** none of {len(RULES)} rules finds anything {_in(looks)}.",
                   icon=":material/check_circle:")  # fmt: skip
        return
    for place, finding in enumerate(findings):
        with st.container(border=True, key=f"{key}_finding_{place}", gap="small"):
            name = finding.name[0].upper() + finding.name[1:]
            st.markdown(
                f":material/warning: **{name}.** {sentence(finding)}", help=MEANS[finding.name]
            )
            with st.container(horizontal=True, gap="small"):
                if show:
                    st.button("Show", key=f"{key}_show_{place}", type="tertiary",
                              icon=":material/my_location:", on_click=_press, args=(show, finding))  # fmt: skip
                if repair and repairs(finding):
                    st.button(button(finding), key=f"{key}_repair_{place}", help=str(finding.repair),
                              icon=":material/build:", on_click=_press, args=(repair, finding))  # fmt: skip


def _press(act: Press, finding: Finding) -> None:
    st.session_state[PRESSED] = True
    act(finding)


def rerun_if_pressed() -> None:
    """For a list inside a fragment: its buttons run that alone, but change what is around it."""
    if st.session_state.pop(PRESSED, False):
        st.rerun()


def _in(looks: Sequence[Reading]) -> str:
    if len(looks) == 1:
        return f"in one look, at step {looks[0].step:,}"
    return f"in {len(looks)} looks, steps {looks[0].step:,} to {looks[-1].step:,}"
