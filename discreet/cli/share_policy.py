"""``discreet share init``, ``policy``, ``may`` and ``identify``: the governance of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.markup import escape

from discreet.cli.console import ending, out, print_json
from discreet.cli.options import JsonFlag, RegisteredFolder

if TYPE_CHECKING:
    from discreet.share.project import Project

app = typer.Typer()

ProjectOption = Annotated[str, typer.Option("--project", "-p", help="Choose the project by its name.")]
Role = Annotated[
    str | None, typer.Option("--role", help="Choose the recipient's role; default: the one in governance.toml.")
]
Purpose = Annotated[str, typer.Option("--purpose", help="Choose the purpose, as in governance.toml.")]
Recipient = Annotated[str, typer.Option("--to", help="Choose the recipient, as in governance.toml.")]
Level = Annotated[
    str,
    typer.Option("--level", help="Choose the level: deidentified, transcript, features, aggregate, synthetic or demo."),
]


def open_project(name: str, registered: object) -> Project:
    """The project, with its registry; what a killed export left is removed.

    Raises:
        GovernanceError: there is no such project.
        PeopleError: the registry cannot be opened.
    """
    from discreet.cli.registry import open_registry
    from discreet.share.project import Project
    from discreet.share.staging import clean_staging
    from discreet.share.withdrawal import projects
    from sharing.policy import GovernanceError

    project = Project(name, open_registry(registered))  # type: ignore[arg-type]
    if not project.path.exists():
        there = ", ".join(one.name for one in projects(project.registry))
        remedy = f"choose one of {there}" if there else "make one: discreet share init"
        raise GovernanceError(f"there is no project {name!r}", remedy)
    clean_staging(project.folder)
    return project


@app.command()
def init(
    project: ProjectOption,
    kind: Annotated[str, typer.Option("--kind", help="Choose the template: therapy, classroom or research.")],
    controller: Annotated[str, typer.Option("--controller", help="Name who is responsible for the data.")] = "",
    contact: Annotated[str, typer.Option("--contact", help="Give the address for participants and recipients.")] = "",
    registered: RegisteredFolder = None,
) -> None:
    """Create a project with a commented governance.toml, which says who may receive which data."""
    with ending():
        from discreet.cli.registry import open_registry
        from discreet.share.project import Project
        from sharing.policy import KINDS, GovernanceError

        if kind not in KINDS:
            raise GovernanceError(f"there is no template {kind!r}", f"choose one of {', '.join(KINDS)}")
        made = Project.create(
            project, open_registry(registered), kind, controller or "(fill in)", contact or "(fill in)"
        )
        out.print(f"written: {escape(str(made.path))}")
        out.print("Read it, name the recipients in it, then: discreet share policy --project " + project)


@app.command()
def policy(project: ProjectOption, registered: RegisteredFolder = None, as_json: JsonFlag = False) -> None:
    """Check governance.toml, and list who may receive which data. Everything else is denied."""
    with ending(as_json):
        opened = open_project(project, registered)
        rules = opened.governance
        opened.decisions  # noqa: B018  (that Cedar takes the rules is part of the check)
        if as_json:
            print_json({"path": str(opened.path), "digest": rules.digest(), **rules.model_dump(mode="json")})
            return
        out.print(f"{escape(str(opened.path))} is in order")
        for grant in rules.grants:
            days = rules.retention[grant.retention].days
            out.print(f"{grant.role} for {grant.purpose}: {', '.join(grant.levels)}; kept {days} days")
            for name in (name for name, one in rules.recipients.items() if one.role == grant.role):
                out.print(f"  {name}: {escape(rules.recipients[name].about)}")
        if not rules.recipients:
            out.print("No recipient is named yet, so nothing can be given to anybody.")


@app.command()
def may(
    project: ProjectOption,
    to: Recipient,
    purpose: Purpose,
    level: Level,
    role: Role = None,
    registered: RegisteredFolder = None,
) -> None:
    """Ask whether an export would be allowed. Exit with 9 if not; nothing is exported."""
    with ending():
        from timeline import RefusedError

        opened = open_project(project, registered)
        decision = opened.decisions.export(to, role or opened.role_of(to), purpose, level)
        if not decision:
            raise RefusedError(decision.reason, decision.remedy)
        out.print("allowed; who is in the recording is decided when it is exported")


@app.command()
def identify(
    token: Annotated[str, typer.Argument(help="A pseudonym, such as P-ABCDEFGHIJKLM.")],
    project: ProjectOption,
    registered: RegisteredFolder = None,
) -> None:
    """Show who is behind a pseudonym. Only owners of the project may ask; the audit log records each question."""
    with ending():
        name = open_project(project, registered).identify(token)
        out.print(escape(name) if name is not None else "nobody who is enrolled")
