from django.core.mail import EmailMessage

from supportsite.mail import ReadableFiles


def test_a_long_link_in_a_mail_file_stays_in_one_piece(tmp_path):
    link = "https://support.example.org/accounts/confirm-email/" + "k" * 120 + "/"
    mail = EmailMessage("Please confirm", f"Open this:\n\n{link}\n\nGrüße", "us@example.org", ["you@example.org"])
    ReadableFiles(file_path=str(tmp_path), alias="default").send_messages([mail])
    (file,) = tmp_path.iterdir()
    assert f"\n{link}\n" in file.read_text(encoding="utf-8")
    assert "Grüße" in file.read_text(encoding="utf-8")
