"""On the path of a server that is to decide nothing: every Python process of it places orders without rules."""

import orderwright.business.deeds.place as place
from bench.rule_free.intake import copy_orders

place.place_orders = copy_orders
