"""What the notebook's scripts say, in the language of the page."""

from django.utils.translation import gettext

from stannary.core.standards import Rating
from stannary.web.assessments.words import rating_word


def words() -> dict[str, object]:
    """Give every text of the scripts by its name; {n} and the like are filled in there."""
    return {
        "ratings": {str(one): rating_word(str(one)) for one in Rating},
        **_lacking(),
        **_doors(),
        **_sending(),
        **_keeping(),
    }


def _lacking() -> dict[str, str]:
    return {
        "lackSecure": gettext("a secure connection (https)"),
        "lackStore": gettext("a database in the browser (IndexedDB)"),
        "lackCrypto": gettext("encryption in the browser (WebCrypto)"),
        "lackWorker": gettext("pages that open without a network (service workers)"),
        "lackLocks": gettext("tabs that wait for each other (Web Locks)"),
    }


def _doors() -> dict[str, str]:
    return {
        "tooShort": gettext("The passphrase has fewer than 12 characters."),
        "notSame": gettext("The two are not the same."),
        "working": gettext("One moment…"),
        "wrong": gettext("This is not the passphrase of a notebook of this assessment."),
        "noNetwork": gettext(
            "To begin, the checklist has to be fetched once: try again with a network."
        ),
        "signIn": gettext("Sign in"),
        "signedOut": gettext("You are signed out. Everything is kept on this device."),
        "factor": gettext("Show your second factor"),
        "secondFactor": gettext("Your second factor is asked for. Everything is kept here."),
        "notThere": gettext(
            "There is no notebook here for you: not there, not yours, or ended. What you wrote is kept."
        ),
        "otherPerson": gettext(
            "This notebook belongs to another account than {name}, who is signed in. Nothing was sent; sign in with that one."
        ),
        "shelfLine": gettext("Assessment {n}, begun on {day}"),
    }


def _sending() -> dict[str, str]:
    return {
        "online": gettext("Network"),
        "offline": gettext("No network"),
        "sending": gettext("Sending…"),
        "unsentNone": gettext("All is sent"),
        "unsentOne": gettext("1 not sent"),
        "unsentMany": gettext("{n} not sent"),
        "later": gettext("The server does not answer. Everything is kept; it is tried again."),
        "clock": gettext(
            "The clock of this device is {n} minutes off from the server’s. It decides nothing; times that you note are marked."
        ),
        "conflict": gettext("{who} rated this “{rating}” on {when}:"),
        "mineIs": gettext("Yours is “{rating}”:"),
        "noReason": gettext("(no reason)"),
        "takeTheirs": gettext("Take theirs"),
        "sendMine": gettext("Send mine instead"),
        "elsewhere": gettext("This was changed meanwhile, in another tab or by somebody else:"),
        "takeThat": gettext("Take that"),
        "keepMine": gettext("Keep mine"),
        "refused": gettext("The server refused it. Your text is kept."),
        "dropNote": gettext("Remove it from this device"),
        "noRating": gettext("Ratings are not open to you at this stage; notes are."),
        "noPhotos": gettext(
            "Photos become evidence of an engagement. Here there is none, or it takes no evidence now."
        ),
    }


def _keeping() -> dict[str, str]:
    return {
        "typing": gettext("Not saved yet…"),
        "saved": gettext("Saved on this device, not sent"),
        "sent": gettext("Sent: {who}, {when}"),
        "notSaved": gettext("Not saved. The text is still here:"),
        "removeSure": gettext("Remove this notebook from this device? All of it is sent."),
        "removeUnsent": gettext("Remove this notebook? {n} not sent are lost."),
        "quota": gettext(
            "this device has no room left. Send what is not sent, or free some space."
        ),
        "whole": gettext("About the whole"),
        "wholeNotes": gettext("Notes that belong to no requirement."),
        "left": gettext("{id} {title} ({n} left)"),
        "shown": gettext("{n} of {all}; search for less to see the others."),
        "none": gettext("Nothing fits."),
        "found": gettext("Found"),
        "noteEmpty": gettext("Write something, or choose a photo."),
        "photoBad": gettext("This picture cannot be read here. Save it as JPEG first."),
        "placeAsking": gettext("asking…"),
        "placeRefused": gettext("The place was refused; the note is kept without it."),
        "placeKnown": gettext("within {n} m"),
        "photo": gettext("Photo"),
        "notSent": gettext("not sent"),
        "deviceClock": gettext("clock of the device off by {n} min"),
        "persisted": gettext("The browser promised to keep this until you remove it."),
        "notPersisted": gettext(
            "The browser made no promise to keep this; save a second copy when much is unsent."
        ),
        "room": gettext("{used} MB of about {all} MB are used."),
        "ready": gettext("This page opens without a network."),
        "notReady": gettext("This page does not open without a network yet."),
        "restored": gettext("It is back. Open it with its passphrase."),
        "restoredSame": gettext("It was here already; what was missing was added."),
        "notACopy": gettext("This file is no second copy of a notebook."),
    }
