"""What is filled in says what the template says of the values themselves, and keeps nothing of anybody."""

import inspect
from uuid import uuid4

import pytest
from django.template import engines
from django.utils.safestring import mark_safe
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from core.stencils import Stencils

TEMPLATE = """{% load i18n %}<h1 class="{% if loud %}loud{% endif %}">{{ name }}</h1>
{% if about %}<p>{{ about }}</p>{% endif %}
<a href="{% url "post" post_id %}">#{{ number }}</a> {% blocktranslate trimmed %}by {{ name }}{% endblocktranslate %}
{% for label, address in ways %}<a href="{{ address }}">{{ label }}</a>{% endfor %}{{ body }}{% translate "Save" %}"""
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ue000\ue001"))


def made_by(template):
    rendered = []

    def render(context):
        rendered.append(context)
        return engines["django"].from_string(template).render(context)

    return Stencils(render, kept=3), rendered


def filled_alone(stencils, shape, shown):
    """Without the comparison that tests lay over it, which renders the template again."""
    return inspect.unwrap(Stencils.fill)(stencils, shape, shown)


def values(name="willow", about="", number=7, ways=(), body=""):
    return {"name": name, "about": about, "number": number, "post_id": uuid4(), "ways": ways, "body": mark_safe(body)}


@given(
    name=WORDS,
    about=WORDS,
    number=st.integers(0, 2**40),
    loud=st.booleans(),
    ways=st.lists(st.tuples(WORDS, WORDS), max_size=3),
)
def test_it_says_what_the_template_says(name, about, number, loud, ways):
    stencils, _rendered = made_by(TEMPLATE)
    for _twice in range(2):
        shown = values(name, about, number, ways, "<b>as it is</b>")
        assert stencils.fill({"loud": loud}, shown) == stencils.whole({"loud": loud}, shown)


def test_the_template_is_rendered_once_for_each_shape_and_without_what_differs():
    stencils, rendered = made_by(TEMPLATE)
    for name in ("willow", "juniper", "linden"):
        assert f">{name}<" in filled_alone(stencils, {"loud": True}, values(name, about="a secret of mine"))
    assert len(rendered) == 1
    assert "willow" not in str(rendered)
    assert "a secret of mine" not in str(rendered)
    filled_alone(stencils, {"loud": False}, values(about="a secret of mine"))
    filled_alone(stencils, {"loud": True}, values(about=""))
    filled_alone(stencils, {"loud": True}, values(about="x", ways=[("a", "b")]))
    assert len(rendered) == 4


def test_what_somebody_typed_is_escaped():
    stencils, _rendered = made_by(TEMPLATE)
    filled = stencils.fill({"loud": True}, values("<script>alert(1)</script>", about='"&'))
    assert "<script>" not in filled
    assert "&quot;&amp;" in filled


def test_a_mark_that_somebody_typed_is_only_a_sign():
    """Values are put in once: what stands in them is not looked through again."""
    stencils, _rendered = made_by(TEMPLATE)
    filled = stencils.fill({"loud": True}, values("\ue0001\ue001", about="a secret of mine"))
    assert filled.count("a secret of mine") == 1
    assert "\ue0001\ue001" in filled


def test_each_language_has_its_own():
    stencils, rendered = made_by(TEMPLATE)
    for language in ("en-gb", "de", "en-gb"):
        with override(language):
            filled_alone(stencils, {"loud": True}, values())
    assert len(rendered) == 2


def test_only_the_latest_shapes_are_kept():
    stencils, rendered = made_by("{{ number }}{{ loud }}{{ name }}{{ about }}")
    for loud in (1, 2, 3, 4, 1):
        filled_alone(stencils, {"loud": loud}, values())
    assert len(rendered) == 5


def test_a_template_that_decides_by_what_it_should_only_show_is_noticed():
    """Every test that opens such a page compares."""
    stencils, _rendered = made_by("{% if number == 7 %}seven{% endif %}")
    with pytest.raises(AssertionError):
        stencils.fill({"loud": True}, values(number=7))
