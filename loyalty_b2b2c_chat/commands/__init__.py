from .card_commands import CardCommands
from .commands import Commands
from .home_commands import HomeCommands
from .join_commands import JoinCommands
from .link_commands import LinkCommands
from .points_commands import PointsCommands
from .prefs_commands import PrefsCommands
from .receipt_commands import ReceiptCommands
from .recommend_commands import RecommendCommands
from .rewards_commands import RewardsCommands
from .scan_commands import ScanCommands
from .shop_commands import ShopCommands
from .tasks_commands import TasksCommands

#: What carries out the commands of the flows in ``dialog.flows``.
COMMANDS = (
    HomeCommands,
    LinkCommands,
    JoinCommands,
    ScanCommands,
    ReceiptCommands,
    PointsCommands,
    CardCommands,
    RewardsCommands,
    TasksCommands,
    RecommendCommands,
    ShopCommands,
    PrefsCommands,
)
