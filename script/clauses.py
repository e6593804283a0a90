"""What 21 CFR Part 11 and ICH E6(R3) 4 ask of the software or of those who run it.

`asks` is a clause in our own words. `organisation` says what only an organisation can
do of it; a clause that has nothing else is met by no test, and the table says so.
"""

from typing import NamedTuple


class Clause(NamedTuple):
    code: str
    asks: str
    organisation: str = ""


PART_11 = (
    Clause("11.10(a)", "validated; altered records are discerned"),
    Clause("11.10(b)", "complete copies, readable by people and by machines"),
    Clause(
        "11.10(c)", "records are protected and can be had again while they are kept"
    ),
    Clause("11.10(d)", "access for those who are authorised only"),
    Clause(
        "11.10(e)", "a time-stamped trail made by the computer, that hides no old value"
    ),
    Clause("11.10(f)", "steps happen in their order only"),
    Clause("11.10(g)", "authority is checked for each act"),
    Clause("11.10(h)", "the source of input is checked"),
    Clause(
        "11.10(i)",
        "people are educated, trained and experienced",
        "education and experience are the site's to judge",
    ),
    Clause(
        "11.10(j)",
        "people answer for what they sign",
        "the written policy is the sponsor's",
    ),
    Clause("11.10(k)", "documents of the system are controlled and versioned"),
    Clause("11.50(a)", "a signature shows name, date and time, and meaning"),
    Clause("11.50(b)", "so it does on the screen and in print"),
    Clause("11.70", "a signature cannot be cut out, copied or moved to another record"),
    Clause("11.100(a)", "a signature is one person's and is given to nobody else"),
    Clause(
        "11.100(b)",
        "who a person is was verified before",
        "papers are looked at by the institution",
    ),
    Clause(
        "11.100(c)",
        "people certify that their signature binds",
        "the letter to the agency is the sponsor's",
    ),
    Clause("11.200(a)(1)", "two parts: both at first, one for those that follow"),
    Clause("11.200(a)(2)", "used by their owner only"),
    Clause("11.200(a)(3)", "another's use would take two people"),
    Clause("11.200(b)", "biometric signatures", "none are offered"),
    Clause("11.300(a)", "no two people have the same user name and password"),
    Clause("11.300(b)", "passwords are checked, recalled and revised"),
    Clause("11.300(c)", "a lost device is replaced under control"),
    Clause("11.300(d)", "attempts at unauthorised use are detected and reported"),
    Clause(
        "11.300(e)",
        "devices are tested",
        "the phone or key with the codes is its owner's",
    ),
)
E6_R3 = (
    Clause("4.1", "blinding is safeguarded in set-up, data, access and the trail"),
    Clause("4.2.1", "checks where data are captured, suited to their purpose"),
    Clause("4.2.2", "the trail and its metadata cannot be switched off, and read well"),
    Clause("4.2.3", "data, trail and metadata are reviewed by plan"),
    Clause("4.2.4", "corrections are attributed, explained and timely"),
    Clause("4.2.5", "transfers and migrations keep data and metadata whole"),
    Clause("4.2.6", "data are finalised, rights to edit withdrawn before the analysis"),
    Clause("4.2.7", "records can be read as long as they are kept"),
    Clause(
        "4.2.8",
        "data are destroyed when nobody needs them",
        "nothing is destroyed by the software",
    ),
    Clause("4.3.1", "procedures say how the system is used", "they are the site's"),
    Clause("4.3.2", "its users are trained"),
    Clause("4.3.3", "security: rights, passwords, backups that were tried"),
    Clause("4.3.4", "validation, of the trial's own set-up too"),
    Clause("4.3.5", "each release is tried before it is used"),
    Clause("4.3.6", "a failure loses nothing, and is planned for"),
    Clause("4.3.7", "there is support for its users", "the sponsor's help desk"),
    Clause("4.3.8", "people's access follows their task, and is taken back"),
)
PARTS = (
    ("21 CFR Part 11", PART_11),
    ("ICH E6(R3), section 4", E6_R3),
)
EVERY = {clause.code: clause for _part, clauses in PARTS for clause in clauses}
