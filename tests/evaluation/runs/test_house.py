"""Each rule finds what breaks it in a small house, and nothing else."""

import pytest

from evaluation.metrics.code_modules import House, strongly_connected
from evaluation.runs.house import RULES, exceptions, figures, shrink, write_exceptions


@pytest.fixture
def house(tmp_path):
    def build(**files):
        for name, text in files.items():
            path = tmp_path / (name.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            for folder in path.relative_to(tmp_path).parents[:-1]:
                (tmp_path / folder / "__init__.py").touch()
            path.write_text(text)
        (tmp_path / "tests").mkdir(exist_ok=True)
        return House(tmp_path, ("a", "b"))

    return build


def broken(house, rule):
    return sorted(set(RULES[rule](house)))


def test_a_door_lets_through_only_what_it_exports(house):
    small = house(b__x="from a import open_name, hidden\nfrom a.one import thing\nimport a.one", a__one="thing = 1")
    small.modules["a"].path.write_text("__all__ = ['open_name']\nopen_name = hidden = 1")
    assert broken(small, "past_doors") == ["b.x -> a.hidden", "b.x -> a.one", "b.x -> a.one.thing"]


def test_an_internal_sub_package_exports_only_what_is_imported(house, monkeypatch):
    monkeypatch.setattr("evaluation.runs.house.INTERNAL", ("a",))
    small = house(a__one__m="f = g = 1", b__one__m="h = 1", b__x="from a.one import f")
    for name in ("a.one", "b.one"):
        small.modules[name].path.write_text("__all__ = ['f', 'g']")
    assert broken(small, "unused_exports") == ["a.one.g"]


def test_a_private_name_stays_in_its_sub_package(house):
    text = "from a.one.m import _secret, __version__"
    small = house(a__one__m="_secret = 1", a__one__n=text, a__two__n=text)
    assert broken(small, "past_doors") == ["a.two.n -> a.one.m._secret"]


def test_a_circle_is_found_in_function_bodies_and_through_relative_imports(house):
    small = house(a__x="from a.y import f", a__y="def f():\n    from . import x", a__z="from a.x import f")
    assert broken(small, "circles") == ["a.x a.y"]


def test_a_circle_of_sub_packages_needs_no_circle_of_files(house):
    small = house(a__one__m="from a.two.n import f", a__one__k="", a__two__n="", a__two__j="import a.one.k")
    assert broken(small, "circles") == []
    assert broken(small, "package_circles") == ["a.one a.two"]


def test_six_parameters_are_allowed_besides_self_and_commands_are_free(house):
    six = "a, b, c, *, d, e, f"
    text = (
        f"class C:\n    def fine(self, {six}): pass\n"
        f"def many({six}, g): pass\n"
        f"@app.command()\ndef command({six}, g): pass\n"
    )
    assert broken(house(a__x=text), "many_parameters") == ["a.x.many"]
    registered = "from a import x\napp.command('many')(x.many)\n"
    assert broken(house(a__x=text, a__app=registered), "many_parameters") == []


def test_a_module_has_fewer_than_300_lines(house):
    assert broken(house(a__x="\n" * 299, a__y="\n" * 300), "long_modules") == ["a.y"]


def test_a_module_needs_a_test_of_its_name_or_one_that_imports_it(house, tmp_path):
    small = house(a__x="", a__y="", a__z="")
    (tmp_path / "tests" / "test_x.py").write_text("from a import y")
    assert broken(small, "untested") == ["a.z"]


def test_strongly_connected_parts():
    graph = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert sorted(map(sorted, strongly_connected(graph))) == [["a", "b", "c"], ["d"]]


def test_the_list_of_exceptions_shrinks_and_never_grows(house, tmp_path):
    small = house(a__x="\n" * 300, a__y="\n" * 300)
    path = tmp_path / "exceptions.toml"
    write_exceptions({"long_modules": ["a.gone", "a.x"]}, path)
    shrink(small, path)
    assert exceptions(path) == {rule: ["a.x"] if rule == "long_modules" else [] for rule in RULES}


def test_the_figures_count_lines_and_functions(house):
    lines = list(figures(house(a__x="def f():\n    return 1\n")))
    assert lines[-len(RULES) - 1] == "functions: 1, median 2 lines, longest 2"
