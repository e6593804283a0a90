"""Both analysis plans signed by the statistician before the first participant."""

from datetime import datetime, time, timedelta

from accounts.roles import Role
from analysis.plan_signing import sign_plan
from analysis.plans import CURRENT
from demo.course import TIME_ZONE
from demo.people import Cast
from demo.study import Study


def sign_plans(study: Study, cast: Cast) -> None:
    first = min(course.screened_on for course in study.patients)
    at = datetime.combine(first - timedelta(days=14), time(10), TIME_ZONE)
    for plan in CURRENT.values():
        sign_plan(plan, by=cast.who(Role.STATISTICIAN), at=at)
