from moderation.forms.deciding import DecisionForm, decision_form
from moderation.forms.reports import FlagForm, OutsideReportForm
from moderation.forms.rules import RuleForm

__all__ = ["DecisionForm", "FlagForm", "OutsideReportForm", "RuleForm", "decision_form"]
