"""`manage.py analyse CUT [--plan] [--workers] [--out]`: a plan over a cut on disk."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from analysis.cuts import CutError, load_cut
from analysis.plans import CURRENT
from analysis.run.whole import run_plan


class Command(BaseCommand):
    """Prints each analysis with its hash, and what failed and why."""

    help = "Run a plan over a data cut, a folder with a manifest; needs no database."
    requires_system_checks: list[str] = []  # noqa: RUF012

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("cut", type=Path, help="the folder of the cut")
        parser.add_argument("--plan", choices=sorted(CURRENT), default="published")
        parser.add_argument("--workers", type=int, default=1)
        parser.add_argument("--out", type=Path, help="write all results there, as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            cut = load_cut(options["cut"])
        except CutError as refusal:
            raise CommandError(str(refusal)) from None
        plan = CURRENT[options["plan"]]
        whole = run_plan(plan, cut.frames, options["workers"])
        for code, why in whole.failed.items():
            self.stdout.write(f"failed: {code}: {why}")
        self.stdout.write(
            f"plan {plan.code} {plan.version} over {cut.manifest['name']}: "
            f"{len(whole.results)} done, {len(whole.failed)} failed"
        )
        self.stdout.write(f"SHA-256 of the results {whole.sha256}")
        if options["out"]:
            said = {"cut": cut.sha256, "plan": plan.code, "version": plan.version}
            text = json.dumps({**said, **whole.to_dict()}, indent=1, allow_nan=False)
            options["out"].write_text(text, encoding="utf-8")
