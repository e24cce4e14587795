from django.contrib import admin

from forums.models import Board


@admin.register(Board)
class BoardAdmin(admin.ModelAdmin[Board]):
    list_display = ["title", "audience", "position", "is_archived"]
    list_editable = ["position"]
    ordering = ["position", "id"]
    prepopulated_fields = {"slug": ["title"]}
