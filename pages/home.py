"""Page: what the five models do with a name, and how well."""

from makemore.checkpoints.shipped import FIVE, SHIPPED
from makemore.inference import evaluation, sampling
from makemore.lessons.home import names_in_and_out, notebook
from makemore.ui.kit import page_frame, shared_notebooks
from makemore.ui.kit.chosen_list import ChosenList
from makemore.ui.kit.page_frame import Stage, Step
from makemore.ui.kit.page_table import find_page
from makemore.ui.kit.sampled_names import show_samples
from makemore.ui.kit.shipped_losses import show_losses


def losses(about: ChosenList, name: str, stage: Stage) -> None:
    show_losses(stage, key="scoreboard")
    page = find_page("scoreboard")
    stage.controls.page_link(
        page.path,
        label="To the scoreboard: seeds, parameters, time, names that stand in train too",
        icon=f":material/{page.icon}:",
    )


def invented(about: ChosenList, name: str, stage: Stage) -> None:
    first, *_, last = about.present(FIVE)
    keys = (first, last)
    models = zip((SHIPPED[key].label for key in keys), about.checkpoints(keys), strict=True)
    show_samples(about, *models, stage=stage, key="home")


page_frame.show_page(
    "home",
    [
        Step(
            title="Names in, names out",
            takeaway="Five small language models read a name letter by letter and say how likely each "
            "next letter is. Drawing letter after letter, they make up new names.",
            body=names_in_and_out.show_in_and_out,
            notebook=notebook.in_and_out,
            code=(evaluation.score, sampling.sample),
        ),
        Step(
            title="The scoreboard",
            takeaway="Each model adds one mechanism to the one before. What lowers the loss most is to "
            "see more letters.",
            of_course=True,
            body=losses,
            notebook=notebook.scoreboard,
        ),
        Step(
            title="Names they make up",
            takeaway="Counting pairs beside the tree: what share of their names stands in the list, and "
            "what share is made of letter triples that occur in it.",
            body=invented,
            notebook=shared_notebooks.made_up_names,
            settings={"first": "bigram", "checkpoint": "wavenet"},
            code=(sampling.sample,),
        ),
    ],
)
