from django.contrib import admin

from members.models import Block, Member


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    list_display = ["username", "is_active", "is_moderator", "is_curator", "is_staff", "joined_at"]
    list_filter = ["is_active", "is_moderator", "is_curator", "is_staff"]
    search_fields = ["username"]
    fields = ["username", "is_active", "is_moderator", "is_curator", "is_staff", "is_superuser"]
    show_full_result_count = False


@admin.register(Block)
class BlockAdmin(admin.ModelAdmin[Block]):
    raw_id_fields = ["blocker", "blocked"]
    list_display = ["id", "created_at"]
    show_full_result_count = False
