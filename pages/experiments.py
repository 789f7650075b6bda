"""Page: many trainings as one experiment, shipped studies and a sweep of one's own."""

from makemore.diagnostics.losses import pareto
from makemore.experiments import own_trials, seed_runs, sweep_records
from makemore.lessons.experiments import notebook, overlaid, trial_settings
from makemore.lessons.experiments.all_trials import show_trials
from makemore.lessons.experiments.best_again import show_best
from makemore.lessons.experiments.costs_of_trials import show_costs
from makemore.lessons.experiments.importances import show_importance
from makemore.lessons.experiments.overlaid import show_curves
from makemore.lessons.experiments.own_sweep import show_own
from makemore.lessons.experiments.parallel import show_parallel
from makemore.ui.kit import page_frame
from makemore.ui.kit.page_frame import Step

page_frame.show_page(
    "experiments",
    [
        Step(
            title="All trials of a sweep",
            takeaway="A sweep trains the same net with every setting of interest, each from several seeds: what "
            "seeds alone do is the measure of any difference.",
            body=show_trials,
            notebook=notebook.all_trials,
            code=(seed_runs.train_seed,),
            short="Trials",
            of_course=True,
        ),
        Step(
            title="Parallel coordinates",
            takeaway="Each trial is a line through its settings to its loss. Where the best ones run through the "
            "same place, they have that setting in common.",
            body=show_parallel,
            notebook=notebook.parallel,
            code=(trial_settings.best_numbers,),
            short="Lines",
            of_course=True,
        ),
        Step(
            title="Curves overlaid",
            takeaway="Where all trials were trained to their end, the one of two that is ahead halfway ends ahead "
            "in more than 85% of all pairs. So a search can give up hopeless ones on the way.",
            body=show_curves,
            notebook=notebook.curves,
            code=(overlaid.halfway, overlaid.same_order),
            short="Curves",
            of_course=True,
        ),
        Step(
            title="Which setting decides",
            takeaway="Importance says which settings set the best quarter of the trials apart. It holds for the "
            "ranges that were searched and no others.",
            body=show_importance,
            notebook=notebook.importances,
            short="Importance",
            of_course=True,
        ),
        Step(
            title="What a lower loss costs",
            takeaway="On the Pareto front no trial is beaten on both counts. Along it every lower loss costs more "
            "time, or more parameters.",
            body=show_costs,
            notebook=notebook.trial_costs,
            code=(pareto.on_front,),
            short="Costs",
            of_course=True,
        ),
        Step(
            title="The best one, opened",
            takeaway="A trial is its record: model, settings, recipe, seed and names are all that its training "
            "needs to come to the same loss again.",
            body=show_best,
            notebook=notebook.best_again,
            code=(sweep_records.repeat,),
            short="Best",
            of_course=True,
            polls=True,
        ),
        Step(
            title="A sweep of your own",
            takeaway="A grid tries every pair of a few values; random draws try each setting at up to as many "
            "values as there are trials.",
            body=show_own,
            notebook=notebook.own_sweep,
            code=(own_trials.trials_of, own_trials.draw_points),
            short="Your own",
            polls=True,
        ),
    ],
)
