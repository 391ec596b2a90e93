"""What each reason means, in a sentence for the operator who reads a report."""

COMPLAINTS: dict[str, str] = {
    "cells_left_over": "The row has more cells than there are columns: a comma or semicolon stands in a text without "
    "quotes, so that nobody knows which cell is which.",
    "cut_in_two": "Two rows are too short and fit together: a line break stands in a text without quotes.",
    "day_not_understood": "The day is none that this format knows; a guess would send people on a wrong day.",
    "duplicate": "The same meeting stood in the list before, with the same key, day, time and place.",
    "id_taken": "Two meetings came to the same id; this is so rare that it should be reported.",
    "no_day": "There is a time, and no day.",
    "no_name": "The row has no name, no group and no place.",
    "no_place_and_no_link": "The row says neither where people meet nor how they join.",
    "no_time": "There is a day, and no time.",
    "no_zone": "No time zone is given, and neither coordinates nor the feed's own setting tell it: use --zone.",
    "not_an_object": "The row is no object with fields, or its text is damaged.",
    "quote_not_closed": "A text begins with a quotation mark that is never closed.",
    "time_not_understood": "The time is none that can be read.",
    "unpublished": "The publisher marked the row as not published.",
}

NOTES: dict[str, str] = {
    "area_only": "Only an area is given and no way to join online; kept, not offered, as the list's own site does.",
    "ask_first": "The list asks people to get in touch before they come; the card says to check the date.",
    "bad_coordinates": "The coordinates are no point on earth and were left out.",
    "contact_removed": "Names, numbers or e-mail addresses of individuals were taken out of the text.",
    "dial_in_mended": "The telephone field held more than a number; the number was kept, the rest stands as text.",
    "dial_in_not_understood": "The telephone field holds no number that can be dialled; it stands as text.",
    "encoding_guessed": "The file is not UTF-8; its letters were read as Windows-1252 or Latin-1.",
    "end_equals_start": "The meeting ends when it begins; read as round the clock.",
    "end_not_understood": "The end time cannot be read; the usual length was assumed.",
    "filled_from_neighbours": "Cells left blank were filled from another row of the same group or address.",
    "link_mended": "The meeting link was written wrongly (http, spaces, a mail filter's wrapper) and was put right.",
    "link_not_known": "The link is no address of a known meeting service; it stands as text, not as a button.",
    "long_meeting": "The meeting lasts more than six hours; kept as the list says.",
    "midnight_as_2359": "The meeting starts at 23:59, by which lists often mean the midnight after.",
    "midnight_as_2400": "The meeting starts at 24:00; read as 00:00 of the next day.",
    "money_removed": "A call for donations was taken out of the text.",
    "name_made": "The row has no name; its group or place stands for it.",
    "name_says_other_time": "The name tells another time than the row; the card says to check the date.",
    "no_coordinates": "The meeting has an address and no coordinates, so a search by distance cannot find it.",
    "no_key": "The row has no key of its own; name and place stand for it, so a renamed meeting looks new.",
    "no_way_in": "The meeting is online, and the list gives no link, number or other way to join.",
    "old_prompt": "A field held the server's old prompt before its value; the prompt was left out.",
    "online_only_by_name": "The name says that the meeting is online only, so nobody is sent to the address.",
    "open_and_closed": "The row is marked open and closed; read as closed.",
    "placed_by_town": "No coordinates were given; the meeting stands at the centre of its town.",
    "postal_code_padded": "The postal code had lost its leading zeros.",
    "repeated_key": "Another meeting has the same key; this one got a number behind it.",
    "says_paused": "The text says that the meeting is paused or closed for now; the card says to check the date.",
    "special_dates": "The text hints at monthly or special dates; the card says to check the date.",
    "suspended_by_name": "The name says that the meeting is suspended.",
    "town_left_out": "What stands as the town is the name of a day, a label or an e-mail address; it was left out.",
    "unknown_type": "A type code is in no table of this fellowship and was left out.",
    "updated_is_export_date": "Nearly all rows changed at one moment, so that is when the file was made; left out.",
    "venue_from_notes": "The place was the name of a district; the location notes name the building.",
    "venue_guessed": "The server does not say whether people meet in person or online; link and address decided.",
    "zone_from_coordinates": "The time zone was taken from the coordinates.",
    "zone_from_feed": "The time zone was taken from the feed's own setting.",
    "zone_from_name": "The time zone was taken from the name, which tells the same time with its zone.",
    "zone_from_town": "The time zone was taken from the town.",
    "zone_mended": "The time zone was written in words and was put right.",
    "zone_not_understood": "The row's time zone is none that is known; another source told the zone.",
}


def sentence(reason: str) -> str:
    """The sentence for a reason of a report, complaint or note."""
    return COMPLAINTS.get(reason) or NOTES[reason]
