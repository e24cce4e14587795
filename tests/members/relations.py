"""What leads to a member, from the models themselves, so that nothing new is forgotten."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db.models import Model

from members.models import Member

# What stands in these is the site's own: beyond them nothing is about anybody.
CONTENT = {"wagtailcore.Page", "wagtailcore.Revision", "wagtailcore.Site", "wagtailimages.Image"}


def models() -> list[type[Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if not model._meta.proxy]


def own_relations(model: type[Model]) -> Iterator[Any]:
    """Those that the model itself has, not what it inherits from the table of another one."""
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if field.is_relation and isinstance(field.related_model, type):
            yield field


def direct() -> list[str]:
    """Each column that names a member, as in “forums.Post.author”."""
    return sorted(
        f"{model._meta.label}.{field.name}"
        for model in models()
        for field in own_relations(model)
        if field.related_model is Member
    )


def naming_members() -> set[str]:
    return {name.rpartition(".")[0] for name in direct()}


def reaching() -> set[str]:
    """The labels of all models that lead to a member over any number of others, besides those that name one."""
    found: set[type[Model]] = {Member}
    while more := {
        model
        for model in set(models()) - found
        if any(field.related_model in found and _goes_on(field.related_model) for field in own_relations(model))
    }:
        found |= more
    return {model._meta.label for model in found}


def _goes_on(model: type[Model]) -> bool:
    return model._meta.label not in CONTENT and not model._meta.label.startswith(("resources.ArticlePage",))
