#!/usr/bin/env python3
"""Writes the orders of the two demo shops: packs/{zh,en}/demo/orders.jsonl.

Why a script: 160 orders must agree with products.jsonl (prices, SKUs), add up to the cent, and stay causal
(created < paid < shipped < picked up < ...) whatever the time of day of the import is. Products, knowledge and
people are written by hand; only orders are made here. No randomness that is not seeded: the same products give
the same file. To change a buyer's story, edit PLAN; to add a kind of story, add a letter to STORIES.

Times are dated relative to the import:  "@-3h20m" is that long before now;  "@-4d 14:05" is four days before
today at that clock time in the shop's zone. Inside this script every time is an age in minutes as if it were noon
now; `stamp` picks the form. A clock time may come out up to twelve hours nearer or farther than at noon, so
`stamp` goes over to clock times only where that cannot put two steps of one order in the wrong sequence.

Usage: tools/make_demo_orders.py      (then tools/check_demo_packs.py)
"""
import json
import pathlib
import random

PACKS = pathlib.Path(__file__).resolve().parent.parent / "packs"
HOUR, DAY, NOON = 60, 1440, 720

# One letter a story; a buyer's orders are a string of letters.
STORIES = {
    "U": "unpaid", "P": "paid, waiting", "L": "paid, late", "S": "on its way", "K": "just picked up",
    "O": "out for delivery", "X": "stale parcel", "E": "exception", "R": "parcel going back",
    "T": "two parcels, one arrived", "W": "two parcels on the way", "D": "delivered to the door",
    "G": "delivered to a pick-up point", "d": "two parcels delivered", "F": "finished", "C": "closed unpaid",
    "Q": "closed, refunded before shipping", "Z": "closed after a return",
}
STATUS = {"U": "unpaid", "P": "paid", "L": "paid", "D": "delivered", "G": "delivered", "d": "delivered",
          "F": "finished", "C": "closed", "Q": "closed", "Z": "closed"}  # all others: shipped


# ---------------------------------------------------------------------------------------------- times

def clock(days_ago, hhmm):
    """Age at noon of the clock time `hhmm` (minutes of the day) `days_ago` days before today."""
    return days_ago * DAY + NOON - hhmm


def relative(age):
    d, h, m = age // DAY, age % DAY // HOUR, age % HOUR
    return "@-" + (f"{d}d" if d else "") + (f"{h}h" if h else "") + (f"{m}m" if m or not (d or h) else "")


def stamp(steps):
    """[(age, may be a clock time)], newest last, to strings: clock times from the first step on that is safe."""
    out, newest_side, use_clock = [], 0, False
    for age, may_be_clock in reversed(steps):
        days, minute = divmod(NOON - age, DAY)
        days = -days
        if may_be_clock and days >= 2 and age - NOON > newest_side + 2 * HOUR:
            use_clock = True
        out.append(f"@-{days}d {minute // 60:02d}:{minute % 60:02d}" if use_clock else relative(age))
        newest_side = age
    return out[::-1]


# ---------------------------------------------------------------------------------------------- shops

class Zh:
    lang, shop, seed, first_id, id_prefix = "zh", "shanxing", 20, 10001, "E"
    free_over, freight, remote_extra = 9900, 800, 1500
    coupons = [(60000, 5000), (30000, 2000), (19900, 1000)]
    never = {"P113"}                     # made to order, ten pieces at least
    not_remote = {"P505", "P506"}        # gas, and food by the same lorry
    heavy = {"P302", "P309", "P603", "P507"}
    far_days = {1: 1, 2: 2, 3: 3, 4: 6}
    carriers = {"中通": ("中通快递", "95311", "ZT"), "圆通": ("圆通速递", "95554", "YT"),
                "顺丰": ("顺丰速运", "95338", "SF"), "韵达": ("韵达快递", "95546", "YD"),
                "申通": ("申通快递", "95543", "ST"), "EMS": ("EMS", "11183", "EM"),
                "京东": ("京东快递", "950616", "JD")}
    origins = {"": ("嘉兴市", "嘉兴秀洲网点", "嘉兴转运中心"), "2": ("成都市", "成都青白江网点", "成都转运中心")}

    # id: name, region, detail, hub, local office, pick-up point, distance 1-4, usual carrier
    buyers = {
        "B01": ("林知夏", "四川省/成都市/武侯区", "锦云东三巷 18 号 6 幢 1 单元 1203", "成都", "成都武侯网点", "锦云驿站", 3, "中通"),
        "B02": ("周子墨", "广东省/广州市/天河区", "棠德北街 27 号 402", "广州", "广州棠下网点", "棠德便民驿站", 3, "圆通"),
        "B03": ("许明朗", "陕西省/西安市/雁塔区", "翠华里 9 号院 3 号楼 2 单元 501", "西安", "西安小寨网点", "翠华里驿站", 3, "韵达"),
        "B04": ("沈书言", "浙江省/杭州市/西湖区", "文澜里 66 号 2 幢 701", "杭州", "杭州文三网点", "文澜里驿站", 1, "中通"),
        "B05": ("韩秋水", "湖北省/武汉市/洪山区", "珞樱路 112 号 8 栋 1506", "武汉", "武汉街道口网点", "珞樱路驿站", 2, "申通"),
        "B07": ("白一帆", "江苏省/南京市/鼓楼区", "青云巷 5 号 3 幢 302", "南京", "南京湖南路网点", "青云巷驿站", 1, "圆通"),
        "B08": ("秦若谷", "上海市/上海市/徐汇区", "桂竹路 218 弄 11 号 604", "上海", "上海漕河泾网点", "桂竹路驿站", 1, "中通"),
        "B09": ("罗小北", "北京市/北京市/朝阳区", "望和西园 203 号楼 1602", "北京", "北京望京网点", "望和西园驿站", 3, "京东"),
        "B10": ("江映雪", "辽宁省/沈阳市/和平区", "南湖里 40 号 2-5-1", "沈阳", "沈阳和平网点", "南湖里驿站", 3, "中通"),
        "B11": ("曾乐山", "福建省/厦门市/思明区", "莲河里 88 号 1203", "厦门", "厦门莲前网点", "莲河里驿站", 2, "圆通"),
        "B12": ("温以宁", "湖南省/长沙市/岳麓区", "枫林二巷 36 号 5 栋 802", "长沙", "长沙岳麓网点", "枫林驿站", 2, "韵达"),
        "B13": ("田牧之", "重庆市/重庆市/渝北区", "松石湖路 7 号 9 幢 24-3", "重庆", "重庆松石网点", "松石湖驿站", 3, "中通"),
        "B14": ("尹安然", "山东省/青岛市/市南区", "海棠路 15 号 1 单元 602", "青岛", "青岛香港中路网点", "海棠路驿站", 2, "中通"),
        "B15": ("乔木生", "安徽省/合肥市/蜀山区", "望湖西里 120 号 7 栋 1101", "合肥", "合肥蜀山网点", "望湖西里驿站", 1, "申通"),
        "B16": ("夏听雨", "云南省/昆明市/盘龙区", "金桉路 51 号 4 幢 902", "昆明", "昆明盘龙网点", "金桉路驿站", 3, "韵达"),
        "B17": ("贺兰舟", "新疆维吾尔自治区/乌鲁木齐市/天山区", "新杨巷 233 号 2 单元 301", "乌鲁木齐", "乌鲁木齐天山营业部", "新杨巷邮政驿站", 4, "EMS"),
        "B18": ("简宁", "河南省/郑州市/金水区", "花溪里 31 号 6 号楼 1704", "郑州", "郑州花园路网点", "花溪里驿站", 2, "中通"),
        "B19": ("苗春和", "黑龙江省/哈尔滨市/南岗区", "西学府街 19 号 3 单元 402", "哈尔滨", "哈尔滨学府网点", "西学府街驿站", 3, "圆通"),
        "B20": ("纪云帆", "广东省/深圳市/南山区", "白榕洲路 6 号 B 座 2108", "深圳", "深圳科技园网点", "白榕洲驿站", 3, "顺丰"),
        "B21": ("邱小满", "江西省/南昌市/青山湖区", "湖滨三路 72 号 901", "南昌", "南昌青山湖网点", "湖滨三路驿站", 2, "申通"),
        "B22": ("路遥知", "天津市/天津市/南开区", "水云公园北里 14 号楼 301", "天津", "天津南开网点", "水云北里驿站", 2, "中通"),
        "B23": ("梁若水", "西藏自治区/拉萨市/城关区", "青珠路 45 号 2 幢 201", "拉萨", "拉萨城关营业部", "青珠路邮政驿站", 4, "EMS"),
        "B24": ("蒋晚晴", "浙江省/宁波市/鄞州区", "钱湖南里 300 号 12 幢 502", "宁波", "宁波鄞州网点", "钱湖南里驿站", 1, "中通"),
        "B25": ("施予安", "广西壮族自治区/南宁市/青秀区", "凤栖路 22 号 3 栋 1402", "南宁", "南宁青秀网点", "凤栖路驿站", 3, "圆通"),
        "B26": ("古月明", "甘肃省/兰州市/城关区", "东岸西街 101 号 903", "兰州", "兰州城关网点", "东岸西街驿站", 3, "中通"),
        "B27": ("方晓棠", "江苏省/苏州市/工业园区", "星溪街 189 号 7 幢 1901", "苏州", "苏州湖东网点", "星溪街驿站", 1, "京东"),
        "B28": ("段飞白", "内蒙古自治区/呼和浩特市/赛罕区", "大学里 8 号 5 号楼 602", "呼和浩特", "呼和浩特赛罕网点", "大学里驿站", 3, "韵达"),
        "B29": ("易长风", "贵州省/贵阳市/观山湖区", "林湾东路 66 号 B2 栋 1006", "贵阳", "贵阳观山湖网点", "林湾驿站", 3, "中通"),
        "B30": ("康可欣", "海南省/海口市/美兰区", "海桉路 9 号 3 幢 805", "海口", "海口美兰网点", "海桉路驿站", 3, "顺丰"),
    }
    plan = [("B01", "SDF"), ("B02", "SSP"), ("B03", "XF"), ("B04", "LF"), ("B05", "EF"), ("B07", "UF"),
            ("B08", "SPDFF"), ("B09", "OFFD"), ("B10", "XSFFG"), ("B11", "PPFC"), ("B12", "SGFFZ"), ("B13", "TFF"),
            ("B14", "LSDFF"), ("B15", "OUFD"), ("B16", "EDFFF"), ("B17", "WFG"), ("B18", "KPFFC"), ("B19", "RFD"),
            ("B20", "SSGFF"), ("B21", "UCFDP"), ("B22", "LFF"), ("B23", "XFGT"), ("B24", "OSPDFF"), ("B25", "PQFF"),
            ("B26", "SEdFF"), ("B27", "KDGFU"), ("B28", "SPFZC"), ("B29", "LODFF"), ("B30", "STPGFFQR")]
    # what the showcase buyers bought: (buyer, number of the order) -> SKUs
    bought = {("B01", 0): ["P101-BK-L", "P601-BK"], ("B01", 1): ["P201-BR-41"], ("B01", 2): ["P403-GY"],
              ("B02", 0): ["P104-BK-M"], ("B02", 1): ["P401-GN"], ("B02", 2): ["P504-WH"],
              ("B03", 0): ["P304-NV-600"], ("B04", 0): ["P102-BK-XL"], ("B05", 0): ["P602-GN"],
              ("B07", 0): ["P106-WH-M"], ("B22", 1): ["P113-NV-L"]}
    quantity = {("B22", 1): 10}
    fixed_age = {("B07", 0): 25, ("B01", 0): 95, ("B05", 0): 190}   # minutes: order or last event

    @staticmethod
    def phone(number): return f"138000000{number:02d}"

    @staticmethod
    def remote(region): return region.startswith(("新疆", "西藏"))

    couriers = ["周师傅", "刘师傅", "陈师傅", "赵师傅", "孙师傅", "马师傅", "郭师傅", "邓师傅"]
    signed = ["本人签收", "家人代收", "放在家门口，已拍照", "前台代收", "门卫代收"]
    troubles = ["联系不上收件人，电话无人接听，快件留仓，明日再派", "地址不详，缺少楼栋号，正在联系收件人核实",
                "外包装破损，已登记并加固，等待核实", "派送途中发现错分，正在转往正确的网点", "小区临时封闭施工，暂无法派送"]

    def text(self, kind, stage, r, b, origin, carrier):
        city, office, hub = origin
        name, to_hub, local, station = b["name"], b["hub"] + "转运中心", b["office"], b["station"]
        who = r.choice(self.couriers)
        return {
            "picked": (city, f"【{office}】已揽收，揽收员：{who}"),
            "hub": (city, f"快件已到达【{hub}】，正在分拣"),
            "left": (city, f"快件已从【{hub}】发出，下一站【{to_hub}】"),
            "midway": ("运输途中", f"运输车辆正前往【{to_hub}】"),
            "arrived": (b["hub"] + "市", f"快件已到达【{to_hub}】"),
            "local": (b["hub"] + "市", f"快件已到达【{local}】，等待派送"),
            "out": (b["hub"] + "市", f"【{local}】{who}正在为您派件，请保持电话畅通；客服电话 {carrier[1]}"),
            "door": (b["hub"] + "市", f"快件已签收：{r.choice(self.signed)}，感谢使用{carrier[0]}"),
            "station": (b["hub"] + "市", f"快件已暂存至【{station}】，取件码 {r.randint(1, 9)}-{r.randint(1, 6)}-{r.randint(1000, 9899)}，请及时领取"),
            "trouble": (b["hub"] + "市", r.choice(self.troubles)),
            "refused": (b["hub"] + "市", "收件人拒收，已登记退回"),
            "back": (b["hub"] + "市", f"快件正在退回寄件地，已从【{to_hub}】发往【{hub}】"),
        }[stage]


class En:
    lang, shop, seed, first_id, id_prefix = "en", "northpeak", 11, 20001, "N"
    free_over, freight, remote_extra = 7500, 695, 1200
    coupons = [(20000, 2500), (10000, 1000)]
    never = {"NP406"}
    not_remote = {"NP405"}
    heavy = {"NP401"}
    far_days = {1: 1, 2: 3, 3: 4, 4: 6}
    carriers = {"UPS": ("UPS", "1-800-742-5877", "1ZDEMO"), "FedEx": ("FedEx", "1-800-463-3339", "FXDEMO"),
                "USPS": ("USPS", "1-800-275-8777", "9400DEMO")}
    origins = {"": ("Edison, NJ", "Edison, NJ", "Newark, NJ"), "2": ("Reno, NV", "Reno, NV", "Sacramento, CA")}
    buyers = {  # id: name, region, detail, hub, local office, pick-up point, distance, usual carrier
        "C01": ("Avery Lindqvist", "Washington/Seattle/98103", "4127 Larkmoor Ave N, Apt 12", "Seattle, WA", "Fremont, WA", "Lakeside Parcel Locker", 3, "UPS"),
        "C02": ("Jordan Mbeki", "Illinois/Chicago/60614", "918 W Willowby St, Unit 3", "Chicago, IL", "Lincoln Park, IL", "Corner Market Pickup Point", 2, "UPS"),
        "C03": ("Elena Marchetti", "Colorado/Denver/80205", "2240 Juniper Loop", "Denver, CO", "Five Points, CO", "Hilltop Hardware Pickup Point", 3, "USPS"),
        "C04": ("Sam Ferreira", "New York/Brooklyn/11215", "77 Ashgrove Pl, Apt 2R", "Brooklyn, NY", "Park Slope, NY", "Ashgrove Deli Pickup Point", 1, "UPS"),
        "C05": ("Noor Haddad", "Texas/Austin/78704", "1503 Cypress Hollow Dr", "Austin, TX", "South Austin, TX", "Southside Parcel Locker", 3, "USPS"),
        "C06": ("Grace Okafor", "Georgia/Atlanta/30307", "640 Magnolia Bend NE", "Atlanta, GA", "Inman Park, GA", "Bend Street Pharmacy Pickup Point", 2, "UPS"),
        "C07": ("Theo Nakagawa", "Oregon/Portland/97214", "3311 SE Birchfield Ct", "Portland, OR", "Buckman, OR", "Birchfield Parcel Locker", 3, "UPS"),
        "C08": ("Maya Lindholm", "Massachusetts/Boston/02130", "58 Orchard Knoll Rd", "Boston, MA", "Jamaica Plain, MA", "Knoll Cafe Pickup Point", 1, "USPS"),
        "C09": ("Caleb Underhill", "North Carolina/Asheville/28801", "19 Laurel Fork Ln", "Charlotte, NC", "Asheville, NC", "Laurel Fork General Store", 2, "UPS"),
        "C10": ("Rosa Delgado", "Alaska/Anchorage/99503", "2905 Spruce Hollow Cir", "Anchorage, AK", "Midtown, AK", "Spruce Parcel Locker", 4, "USPS"),
        "C11": ("Ivy Pemberton", "California/Oakland/94609", "512 Alder Row, Apt 4", "Oakland, CA", "Temescal, CA", "Alder Row Parcel Locker", 3, "FedEx"),
        "C12": ("Peter Vance", "Vermont/Burlington/05401", "233 Maplewood Ter", "Burlington, VT", "Old North End, VT", "Maplewood Market Pickup Point", 2, "UPS"),
    }
    plan = [("C01", "SDF"), ("C02", "SSP"), ("C03", "XF"), ("C04", "LF"), ("C05", "EF"), ("C06", "UF"),
            ("C07", "SPDF"), ("C08", "OFD"), ("C09", "TFCD"), ("C10", "RFFP"), ("C11", "KDFZQ"), ("C12", "SGFFCU")]
    bought = {("C01", 0): ["NP101-BK-M", "NP403-BK"], ("C01", 1): ["NP202-GY-8"], ("C01", 2): ["NP302-BK"],
              ("C02", 0): ["NP102-BK-L"], ("C02", 1): ["NP201-BK-10"], ("C02", 2): ["NP404-BK"],
              ("C03", 0): ["NP402-NV-600"], ("C04", 0): ["NP401-PN"], ("C05", 0): ["NP403-RS"],
              ("C12", 3): ["NP406-34"]}
    quantity = {}
    fixed_age = {("C06", 0): 25, ("C01", 0): 95, ("C05", 0): 190}

    area = {"C01": 206, "C02": 312, "C03": 303, "C04": 718, "C05": 512, "C06": 404, "C07": 503, "C08": 617,
            "C09": 828, "C10": 907, "C11": 510, "C12": 802}

    def phone(self, number): return f"+1 {self.area[f'C{number:02d}']} 555 01{number:02d}"

    @staticmethod
    def remote(region): return region.startswith(("Alaska", "Hawaii"))

    signed = ["front porch", "handed to resident", "mailroom", "front desk", "side door"]
    troubles = ["Delivery attempted, nobody available; next attempt on the following business day",
                "Address incomplete, unit number needed; carrier is contacting the receiver",
                "Package damaged in transit, under inspection", "Loaded on the wrong vehicle, being rerouted"]

    def text(self, kind, stage, r, b, origin, carrier):
        city, office, hub = origin
        return {
            "picked": (office, f"Picked up by {carrier[0]}"),
            "hub": (hub, f"Arrived at {carrier[0]} facility"),
            "left": (hub, f"Departed {carrier[0]} facility"),
            "midway": ("In transit", f"On the way to {b['hub']}"),
            "arrived": (b["hub"], f"Arrived at {carrier[0]} facility"),
            "local": (b["office"], "Arrived at the local delivery office"),
            "out": (b["office"], f"Out for delivery. Questions: {carrier[0]} {carrier[1]}"),
            "door": (b["office"], f"Delivered, {r.choice(self.signed)}"),
            "station": (b["office"], f"Delivered to {b['station']}, pickup code {r.randint(1000, 9899)}"),
            "trouble": (b["office"], r.choice(self.troubles)),
            "refused": (b["office"], "Delivery refused, return to sender requested"),
            "back": (b["hub"], f"Returning to sender, departed for {city}"),
        }[stage]


KIND = {"picked": "picked_up", "hub": "in_transit", "left": "in_transit", "midway": "in_transit",
        "arrived": "in_transit", "local": "in_transit", "out": "out_for_delivery", "door": "delivered",
        "station": "delivered", "trouble": "exception", "refused": "exception", "back": "returned"}


# ---------------------------------------------------------------------------------------------- journeys

ROUTE = ["shipped", "picked", "hub", "left", "midway", "arrived", "local", "out"]


def time_of_payment(r, shipped, told_backwards):
    """When an order that left `shipped` minutes ago was paid: by day, and well inside the 48 h promise."""
    nearest, farthest = (15, 32) if told_backwards else (3, 30)
    while True:
        age = clock(-((NOON - shipped) // DAY) + r.randint(0, 2), r.randint(8 * HOUR, 23 * HOUR + 30))
        if nearest * HOUR <= age - shipped <= farthest * HOUR:
            return age


def journey_recent(r, distance, stages, last_age):
    """A journey whose last step was `last_age` minutes ago, told backwards.
    -> [(stage, age, whether it may be written as a clock time)]
    """
    run = {1: 9, 2: 20, 3: 32, 4: 80}[distance] * HOUR
    gap = {"picked": 130, "hub": 170, "left": 110, "midway": run // 2, "arrived": run // 2, "local": 420,
           "out": 90, "door": 230, "station": 250, "trouble": 210, "refused": 260, "back": 600}
    if "midway" not in stages:
        gap["arrived"] = run
    age, steps = last_age, []
    for stage in reversed(stages):
        steps.append((stage, age, False))
        age += gap.get(stage, 0) + r.randint(-25, 25)
    return steps[::-1]


def journey_old(r, distance, stages, arrive_day):
    """A journey that would bring the parcel to the door `arrive_day` days ago; cut to `stages`."""
    days = {1: 1, 2: 2, 3: 3, 4: 6}[distance]
    ship_day, eve = arrive_day + days, arrive_day + (1 if days > 1 else 0)
    at = lambda day, lo, hi: clock(day, r.randint(lo, hi))
    age = {"shipped": at(ship_day, 920, 1060), "picked": at(ship_day, 1090, 1180), "hub": at(ship_day, 1230, 1290),
           "left": at(ship_day, 1330, 1420), "midway": at(arrive_day + days // 2 + 1, 600, 780),
           "arrived": at(eve, 1200, 1390) if days > 1 else at(arrive_day, 200, 300),
           "local": at(arrive_day, 370, 440), "out": at(arrive_day, 490, 545), "door": at(arrive_day, 620, 1050),
           "station": at(arrive_day, 640, 1080), "trouble": at(arrive_day, 900, 1090),
           "refused": at(arrive_day, 700, 900), "back": at(arrive_day - 1, 600, 1100)}
    return [(s, age[s], True) for s in stages]


def route(distance, last, *after):
    """The stages up to `last`, then `after`; short routes have no step midway."""
    stages = ROUTE[:ROUTE.index(last) + 1]
    if distance < 3 and last != "midway":
        stages = [s for s in stages if s != "midway"]
    return stages + list(after)


def journeys(story, r, distance, fixed):
    """The parcels of a story: one journey each."""
    pick = lambda lo, hi: fixed if fixed is not None else r.randint(lo, hi)
    recent = lambda age, last, *after: journey_recent(r, distance, route(distance, last, *after), age)
    old = lambda day, last, *after: journey_old(r, distance, route(distance, last, *after), day)
    if story == "S":
        return [recent(pick(70, 9 * HOUR), r.choice(["left", "arrived", "arrived", "local"]) if fixed is None else "arrived")]
    if story == "K":
        return [recent(pick(40, 4 * HOUR), "picked")]
    if story == "O":
        return [recent(pick(60, 200), "out")]
    if story == "X":      # last scan at the first hub or on the road, at least three days ago
        return [old(4 - {1: 1, 2: 2, 3: 3, 4: 6}[distance] + r.randint(0, 2), "left")]
    if story == "E":
        return [recent(pick(3 * HOUR, 20 * HOUR), "out", "trouble")]
    if story == "R":
        return [recent(pick(5 * HOUR, 22 * HOUR), "out", "refused", "back")]
    if story == "T":
        first = old(3 if distance < 4 else 2, "out", r.choice(["door", "station"]))
        return [first, recent(pick(2 * HOUR, 8 * HOUR), "arrived")]
    if story == "W":
        return [recent(pick(2 * HOUR, 5 * HOUR), "arrived"), recent(pick(6 * HOUR, 9 * HOUR), "left")]
    end = {"G": "station", "D": "door", "Z": "door"}.get(story) or r.choice(["door", "door", "station"])
    if story in "DG":
        if distance < 4 and r.random() < 0.35:
            return [recent(r.randint(2 * HOUR, 20 * HOUR), "out", end)]
        return [old(r.randint(2, 5 if distance < 4 else 3), "out", end)]
    if story == "d":
        return [old(4, "out", "door"), old(3, "out", "station")]
    if story in "FZ":
        day = r.randint(12, 75)
        return [old(day, "out", end)]
    raise ValueError(story)


# ---------------------------------------------------------------------------------------------- orders

def load_products(shop):
    lines = (PACKS / shop.lang / "demo/products.jsonl").read_text(encoding="utf-8").splitlines()
    products = [json.loads(line) for line in lines]
    return products, {s["id"]: (p, s) for p in products for s in p["skus"]}


def choose_skus(shop, r, products, remote, two):
    barred = shop.never | (shop.not_remote if remote else set())
    pool = [p for p in products if p["id"] not in barred]
    count = 2 if two else r.choice([1, 1, 1, 2, 2, 3])
    chosen = r.sample(pool, count)
    return [r.choice([s for s in p["skus"] if s["stock"] > 0])["id"] for p in chosen]


def make_items(shop, r, order_id, skus, by_sku, quantity, with_coupon):
    lines = []
    for sku_id in skus:
        product, sku = by_sku[sku_id]
        n = quantity or (2 if sku["price_cents"] < 15000 and r.random() < 0.2 else 1)
        lines.append((product["id"], sku_id, n, sku["price_cents"] * n))
    total = sum(line[3] for line in lines)
    coupon = next((off for over, off in shop.coupons if total >= over), 0) if with_coupon else 0
    items, left = [], coupon
    for i, (product_id, sku_id, n, cents) in enumerate(lines):
        share = left if i == len(lines) - 1 else coupon * cents // total
        left -= share
        items.append({"sub_id": f"{order_id}-{i + 1}", "product": product_id, "sku": sku_id, "quantity": n,
                      "paid_cents": cents - share})
    return items, coupon, total


def make_order(shop, r, serial, buyer_id, number, story, products, by_sku):
    order_id = f"{shop.id_prefix}{serial}"
    keys = ("name", "region", "detail", "hub", "office", "station", "distance", "carrier")
    b = dict(zip(keys, shop.buyers[buyer_id]))
    remote, key = shop.remote(b["region"]), (buyer_id, number)
    two = story in "TWd"
    skus = shop.bought.get(key) or choose_skus(shop, r, products, remote, two)
    items, coupon, total = make_items(shop, r, order_id, skus, by_sku, shop.quantity.get(key), r.random() < 0.6)
    fixed = shop.fixed_age.get(key)

    trips = journeys(story, r, b["distance"], fixed) if story not in "UPLCQ" else []
    if trips:
        _, shipped, by_clock = max((trip[0] for trip in trips), key=lambda step: step[1])
        paid = time_of_payment(r, shipped, not by_clock)
    else:
        shipped, by_clock = None, story in "LCQ"
        paid = {"U": lambda: fixed or r.randint(30, 20 * HOUR), "P": lambda: r.randint(20, 43 * HOUR),
                "L": lambda: clock(r.randint(4, 6), r.randint(560, 1260)),
                "C": lambda: clock(r.randint(4, 40), r.randint(560, 1260)),
                "Q": lambda: clock(r.randint(5, 50), r.randint(560, 1260))}[story]()
    created = paid + (0 if story in "UC" else r.randint(1, 6))

    # One list for the whole order, so that the two forms of time cannot cross anywhere in it.
    buyer_by_clock = by_clock or bool(trips)
    named = [(created, buyer_by_clock, "created", None)]
    if story not in "UC":
        named.append((paid, buyer_by_clock, "paid", None))
    for p, trip in enumerate(trips):
        named += [(age, can, stage, p) for stage, age, can in trip if stage != "shipped"]
    if shipped is not None:
        named.append((shipped, by_clock, "shipped", None))
    named.sort(key=lambda step: -step[0])
    when = {step[2:]: text for step, text in zip(named, stamp([step[:2] for step in named]))}

    order = {"id": order_id, "shop": shop.shop, "buyer": buyer_id, "status": STATUS.get(story, "shipped"),
             "created_at": when["created", None]}
    if story not in "UC":
        order["paid_at"] = when["paid", None]
    if shipped is not None:
        order["shipped_at"] = when["shipped", None]
    order["items"] = items
    if coupon:
        order["coupon_cents"] = coupon
    order["freight_cents"] = (0 if total >= shop.free_over else shop.freight) + (shop.remote_extra if remote else 0)
    order["freight_insured"] = r.random() < 0.7 or key in shop.bought
    order["address"] = {"name": b["name"], "phone": shop.phone(int(buyer_id[1:])), "region": b["region"],
                        "detail": b["detail"]}
    order["parcels"] = []
    for p, trip in enumerate(trips):
        carrier_key = b["carrier"]
        if shop.lang == "zh" and b["distance"] < 4 and any(i["product"] in shop.heavy for i in items):
            carrier_key = "京东"
        if shop.lang == "en" and any(i["product"] in shop.heavy for i in items):
            carrier_key = "FedEx"
        carrier = shop.carriers[carrier_key]
        origin = shop.origins["2" if p == 1 and b["hub"] != "成都" else ""]
        events = []
        for stage, _, _ in trip:
            if stage != "shipped":
                place, text = shop.text(KIND[stage], stage, r, b, origin, carrier)
                events.append({"at": when[stage, p], "kind": KIND[stage], "place": place, "text": text})
        order["parcels"].append({"carrier": carrier[0], "carrier_phone": carrier[1],
                                 "tracking_no": f"{carrier[2]}90{serial:05d}{p + 1:02d}{r.randint(1000, 9999)}",
                                 "events": events})
    return order


def make_shop(shop):
    r = random.Random(shop.seed)
    products, by_sku = load_products(shop)
    serial, orders = shop.first_id, []
    for buyer_id, letters in shop.plan:
        for number, story in enumerate(letters):
            orders.append(make_order(shop, r, serial, buyer_id, number, story, products, by_sku))
            serial += 1
    path = PACKS / shop.lang / "demo/orders.jsonl"
    text = "".join(json.dumps(o, ensure_ascii=False, separators=(",", ":")) + "\n" for o in orders)
    path.write_text(text, encoding="utf-8")
    print(path, len(orders))


if __name__ == "__main__":
    make_shop(Zh())
    make_shop(En())
