from tests import factories


def test_a_member_reads_a_thread(sign_in, other_member, scene):
    page = sign_in(other_member).get(scene.thread.get_absolute_url())
    assert page.status_code == 200
    assert "It has been a long week." in page.content.decode()


def test_blocked_people_do_not_see_each_others_threads(sign_in, member, blocked, scene):
    theirs = factories.ThreadFactory(author=blocked)
    assert sign_in(blocked).get(scene.thread.get_absolute_url()).status_code == 404
    assert sign_in(member).get(theirs.get_absolute_url()).status_code == 404
