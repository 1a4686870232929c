"""Names that look alike have one skeleton: "Max" in Latin and "Мах" in Cyrillic letters.

Source: Unicode TS #39, "Confusable Detection" and its confusables.txt, of which this holds the letters and digits that
look like one of ASCII, in the alphabets where there are many. `fold` (names.py) tells which names are the same; this
tells which a person could take for each other. Nobody is ever called by a skeleton.
"""

import unicodedata
from functools import lru_cache

# what it looks like → what looks like it
_LOOK_ALIKE = {
    "A": "ΑАᎪᗅꓮ𐊠𖽀",
    "a": "ɑαа",
    "B": "ΒВᏴᗷꓐꞴ𐊂𐊡𐌁",
    "b": "ƄЬᏏᑲᖯ",
    "C": "СᏟⲤꓚ𐊢𐌂𐐕𐔜𑣩",
    "c": "сᴄⲥꮯ𐐽",
    "D": "Ꭰᗞᗪꓓ",
    "d": "ԁᏧᑯꓒ",
    "E": "ΕЕᎬⴹꓰ𐊆𑢦𑢮",
    "e": "еҽꬲ",
    "F": "ϜᖴꓝꞘ𐊇𐊥𐔥𑢢𑣂",
    "f": "քẝꞙꬵ",
    "G": "ԌᏀᏳꓖ",
    "g": "ƍɡցᶃ",
    "H": "ΗНᎻᕼⲎꓧ𐋏",
    "h": "һհᏂ",
    "i": "ıɩɪιіӏᎥꙇꭵ𑣃",
    "J": "ͿЈᎫᒍꓙꞲ",
    "j": "ϳј",
    "K": "ΚКᏦᛕⲔꓗ𐔘",
    "L": "ᏞᒪⳐꓡ𐐛𐔦𑢣𑢲𖼖",
    "l": "1I|ƖǀΙІӀᛁⲒⵏꓲ𐊊𐌉𖼨",
    "M": "ΜϺМᎷᗰᛖⲘꓟ𐊰𐌑",
    "N": "ΝⲚꓠ𐔓",
    "n": "ոռ",
    "O": "0ΟОՕⲞⵔꓳ𐊒𐊫𐐄𐓂𐔖𑢵𑣠",
    "o": "οσоօჿᴏᴑⲟꬽ𐐬𐓪𑣈𑣗",
    "P": "ΡРᏢᑭⲢꓑ𐊕",
    "p": "ρрⲣ",
    "Q": "ⵕ",
    "q": "ԛգզ",
    "R": "ƦᎡᏒᖇꓣ𐒴𖼵",
    "r": "гᴦⲅꭇꭈꮁ",
    "S": "ЅՏᏕᏚꓢ𐊖𐐠𖼺",
    "s": "ƽѕꜱꮪ𐑈𑣁",
    "T": "ΤТᎢⲦꓔ𐊗𐊱𐌕𑢼𖼊",
    "U": "Սᑌꓴ𐓎𑢸𖽂",
    "u": "ʋυսᴜꞟꭎꭒ𐓶𑣘",
    "V": "ѴᏙᐯⴸꓦ𐔝𑢠𖼈",
    "v": "νѵᴠꮩ𑣀",
    "W": "ԜᎳᏔꓪ𑣦",
    "w": "ɯѡԝաᴡꮃ",
    "X": "ΧХᚷⲬⵝꓫꞳ𐊐𐊴𐌗𐔧",
    "x": "хᕁᕽ",
    "Y": "ΥУҮᎩᎽⲨꓬ𐊲𑢤𖽃",
    "y": "ɣʏγуүყᶌỿꭚ𑣜",
    "Z": "ΖᏃꓜ𑢩𑣥",
    "z": "ᴢꮓ𑣄",
    "2": "ƧϨᒿꙄꝚ",
    "3": "ƷȜЗӠⳌꝪꞫ𑣊𖼻",
    "4": "Ꮞ𑢯",
    "5": "Ƽ𑢻",
    "6": "бᏮⳒ𑣕",
    "7": "𐓒𑣆",
    "8": "Ȣȣ𐌚",
    "9": "ⳊꝮ𑢬𑣌𑣖",
}


_TABLE = {ord(char): letter for letter, chars in _LOOK_ALIKE.items() for char in chars}


@lru_cache(maxsize=8_192)
def skeleton(name: str) -> str:
    """Return what names share that a person could take for each other; capitals do not tell them apart.

    Letters are mapped as they are written, then once more without capitals, as some look alike only in one of the two:
    "ΡΑΥ" in Greek capitals is "PAY", but its small letters "ραυ" are "pau".
    """
    decomposed = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", name))
    return unicodedata.normalize("NFC", decomposed.translate(_TABLE).casefold().translate(_TABLE))
