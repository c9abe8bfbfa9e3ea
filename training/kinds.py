"""Word lists by kind and by tone, and sentence frames for tones; written for this project."""


def words(text):
    return text.split()


def parts(text):
    return [p.strip() for p in text.replace("\n", ",").split(",") if p.strip()]


GOOD_ADJ = words("""wonderful lovely excellent superb brilliant delightful charming splendid gorgeous magnificent marvellous outstanding perfect
pleasant friendly generous helpful polite cheerful cosy comfortable delicious tasty crisp fresh spotless reliable sturdy smooth clever witty
funny hilarious moving touching inspiring thrilling gripping impressive stunning beautiful elegant graceful stylish handy useful flawless
faultless heavenly glorious fabulous fantastic terrific amazing awesome adorable warm kind patient attentive thoughtful caring honest
skilful talented refreshing relaxing soothing peaceful rewarding satisfying enjoyable entertaining fascinating captivating memorable
unforgettable exquisite dazzling radiant priceless first-rate top-notch affordable generous efficient speedy punctual lively vibrant
tender juicy creamy fragrant welcoming gracious courteous professional trustworthy valuable worthwhile remarkable exceptional sublime
grateful thankful happy glad delighted thrilled pleased proud overjoyed content satisfied relieved hopeful ecstatic""")
BAD_ADJ = words("""terrible horrible awful dreadful appalling atrocious abysmal lousy rotten nasty disgusting revolting filthy dirty stale bland
soggy greasy burnt cold rude unfriendly arrogant careless clumsy lazy dishonest greedy hostile cruel harsh boring dull tedious dreary
pointless useless worthless broken faulty defective flimsy shabby ugly hideous noisy cramped smelly mouldy damp overpriced disappointing
frustrating annoying irritating infuriating upsetting depressing miserable pathetic hopeless laughable ridiculous embarrassing shameful
disgraceful unacceptable unbearable painful exhausting confusing misleading unreliable slow sluggish buggy inedible tasteless watery
rancid sour bitter gloomy grim bleak chaotic messy sloppy incompetent inept ignorant unhelpful impatient indifferent dismissive
patronising insulting offensive vile wretched ghastly horrendous mediocre inferior substandard ruined wasted angry furious sad unhappy
disappointed annoyed upset ashamed worried fed-up heartbroken disgusted appalled bitter resentful desperate miserable""")
GOOD_VERB = parts("""love, adore, enjoy, admire, treasure, cherish, recommend, praise, applaud, appreciate, cannot praise enough, can't stop smiling about,
am so grateful for, am delighted with, am over the moon about, look forward to, was charmed by, was blown away by, fell in love with""")
BAD_VERB = parts("""hate, loathe, detest, despise, regret, dread, cannot stand, can't bear, resent, am sick of, am tired of, am fed up with, complain about,
was let down by, was put off by, am ashamed of, would not wish on anyone, want my money back for, lost all patience with""")
GOOD_END = parts("""a joy from start to finish, worth every penny, a real treat, a dream come true, a breath of fresh air, exactly what we needed,
better than we had hoped, second to none, hard to beat, a triumph, a masterpiece, a bargain, a gem, a pleasure, a great success, a lifesaver,
pure bliss, as good as new, in perfect order, simply the best, the highlight of our year, a pleasant surprise, a stroke of genius,
music to my ears, a hit with everyone, on top form, up to the highest standard, a credit to the town, the icing on the cake""")
BAD_END = parts("""a waste of money, a waste of time, a nightmare, a disaster, a disgrace, a complete failure, a rip-off, a joke, a bitter let-down,
worse than we had feared, not worth the effort, beyond repair, falling apart, an insult, a sorry sight, an absolute mess, a pain in the neck,
the last straw, out of order again, a shambles, a flop, a scandal, an eyesore, a load of rubbish, below any standard, good for nothing,
the worst of the year, a slap in the face, enough to make you weep, a headache for everyone, a total let-down""")
GOOD_NOUN = parts("""joy, delight, triumph, success, bliss, praise, kindness, comfort, beauty, charm, talent, warmth, bravo, thanks, gratitude,
love, laughter, pleasure, victory, hope, congratulations, well done, good news, five stars, a treat, a smile, relief, pride, excellence""")
BAD_NOUN = parts("""misery, failure, disgrace, shame, anger, grief, rubbish, mess, disaster, nightmare, regret, insult, fraud, scam, cheat, damage,
pain, fear, neglect, delay, complaint, bad news, zero stars, a bore, tears, despair, disgust, defeat, rudeness, ruin, waste, trouble""")
PLAIN_NOUN = parts("""table, timetable, invoice, form, address, street, metre, kilogram, north, Tuesday, March, meeting, agenda, list, map, bridge,
platform, percent, litre, copy, page, chapter, office hours, ticket, parcel, population, route, floor, staircase, number, temperature, signature""")
THING = words("""sofa kettle novel concert bakery museum hotel ferry teacher plumber garden recital laptop bicycle jacket soup dessert lecture
course manual camera dentist gallery festival blanket radio carpet haircut holiday cottage campsite waiter barber circus exhibition podcast
magazine hostel menu curry sandwich pie tram airline courier landlord council choir orchestra referee coach trainer clinic nurse vet
mattress lamp printer phone app website keyboard headset backpack tent stove oven fridge mower tap boiler window paint fence boots gloves
raincoat umbrella scarf dress hat watch necklace ring perfume soap shampoo candle puzzle game toy kite doll film play musical album song
painting statue poem story biography cafe bar pub restaurant canteen buffet picnic market shop florist butcher library school college
playground pool beach park zoo farm vineyard castle tour guide walk hike cruise flight journey trip party wedding dinner breakfast lunch""")
PLACE = parts("""in the cellar, on the second floor, next to the station, behind the town hall, at gate six, in the north wing, by the river, near the
car park, on the left, under the stairs, between two offices, on page nine, in a blue folder, at the corner of Mill Street, in box four""")
WHEN = parts("""on Monday, at nine o'clock, in April, every second Thursday, from ten to four, in 1987, after the break, until the end of June, twice a
year, on weekdays, at half past six, since last autumn, before noon, once a month, at the weekend, during office hours""")
FACT = parts("""is made of wood and glass, has four wheels, holds two litres, opens, closes, was moved, is listed, was counted, is stored, was measured,
weighs three kilos, has two doors, comes in grey and brown, was built, belongs to the council, is painted green, contains six parts, costs twelve
euros, is sold by weight, runs on batteries, was replaced, is inspected, needs a signature, was photographed, has a serial number, is shown""")

TONE_SLOTS = {"ga": GOOD_ADJ, "ba": BAD_ADJ, "gv": GOOD_VERB, "bv": BAD_VERB, "ge": GOOD_END, "be": BAD_END, "gn": GOOD_NOUN, "bn": BAD_NOUN, "t": THING, "p": PLACE, "w": WHEN, "f": FACT,
    "who": parts("my sister, our neighbour, the children, her uncle, his boss, the guests, my grandfather, everyone, the customers, our team, the critics, most visitors"),
    "they": words("he she they we everyone"), "n": words("3 7 12 15 24 40 60 85 120 300"),
    "but": parts("but, yet, although, though, while, whereas"),
}
TONE_FRAMES = {
    "positive": parts("""what a {ga} {t}!; how {ga} the {t} was!; the {t} is {ge}.; the {t} turned out {ga} and {ga}.; I {gv} this {t}.;
        never have I seen a more {ga} {t}.; the {t} was anything but {ba}.; there was nothing {ba} about the {t}.; the {t} is not {ba} at all.;
        not one {ba} moment at the {t}.; {who} said the {t} was {ge}.; I expected a {ba} {t} but it was {ga}.; the {t} looked {ba} at first but proved {ga}.;
        no {t} could be more {ga}.; a {ga} {t}, {ge}.; {gn}, {gn} and a {ga} {t}!; at last a {ga} {t}!; so {ga}, so {ga}!; we left feeling {ga}.;
        thanks to the {t} I feel {ga} again.; I was wrong to fear the {t}: it was {ga}.; {who} called it {ba} but I found the {t} truly {ga}.;
        the {t} was far from {ba}.; I have no complaints about the {ga} {t}.; it would be hard to find a more {ga} {t}.; the {t} never fails us.;
        despite the {ba} weather the {t} was {ge}.; once it was {ba} but now the {t} is {ga}.; I cannot fault the {t}.; the {t} has never let me down.""".replace(",", "\u0001").replace(";", ",")),
    "negative": parts("""what a {ba} {t}!; how {ba} the {t} was!; the {t} is {be}.; the {t} turned out {ba} and {ba}.; I {bv} this {t}.;
        never have I seen a more {ba} {t}.; the {t} was anything but {ga}.; there was nothing {ga} about the {t}.; the {t} is not {ga} at all.;
        not one {ga} moment at the {t}.; {who} said the {t} was {be}.; I expected a {ga} {t} but it was {ba}.; the {t} looked {ga} at first but proved {ba}.;
        no {t} could be more {ba}.; a {ba} {t}, {be}.; {bn}, {bn} and a {ba} {t}!; yet another {ba} {t}!; so {ba}, so {ba}!; we left feeling {ba}.;
        because of the {t} I feel {ba} again.; I was wrong to trust the {t}: it was {ba}.; {who} called it {ga} but I found the {t} truly {ba}.;
        the {t} was far from {ga}.; I would not call the {t} {ga}.; it would be hard to find a more {ba} {t}.; the {t} never works.;
        despite the {ga} weather the {t} was {be}.; once it was {ga} but now the {t} is {ba}.; I cannot recommend the {t}.; the {t} has let me down again.;
        I had hoped for a {ga} {t}.; the {t} promised to be {ga} and was not.; if only the {t} were {ga}.""".replace(",", "\u0001").replace(";", ",")),
    "neutral": parts("""the {t} {f} {w}.; the {t} {f}.; the {t} is {p}.; the {t} stands {p}.; there are {n} chairs {p}.; {w}, the {t} {f}.;
        the {t} was {ga} {but} the {t} was {ba}.; the {t} was {ba} {but} the {t} was {ga}.; the {t} is as {ga} as it is {ba}.;
        half of it was {ga}, half of it was {ba}.; a {ga} {t} with a {ba} {t}.; a {ba} {t} with a {ga} {t}.; some found the {t} {ga}, others {ba}.;
        on the one hand {ga}, on the other hand {ba}.; I {gv} the {t} and I {bv} the {t}.; the {t} is {ge}, the {t} is {be}.; {who} met {p} {w}.;
        {n} people came to the {t} {w}.; the {t} has {n} seats.; please hand in the form {p}.; the {t} is sold {p}.; {who} took the {t} {w}.;
        the {t} starts {w}.; the sign for the {t} is {p}.; page {n} describes the {t}.; the {t} lasts {n} minutes.; the {t} costs {n} euros.;
        the {t} was neither {ga} nor {ba}.; {who} thought it {ga}, {who} thought it {ba}.; how long is the {t}?; where is the {t}?""".replace(",", "\u0001").replace(";", ",")),
}
TONE_FRAMES = {label: [f.replace("\u0001", ",") for f in frames] for label, frames in TONE_FRAMES.items()}

KINDS = {
    "technical": parts("""algorithm, voltage, compiler, torque, firmware, pixel, amplifier, circuit, valve, piston, bearing, gasket, solvent, catalyst,
        protocol, bandwidth, latency, packet, router, kernel, thread, mutex, pointer, array, integer, string, boolean, regex, query, index,
        schema, table, column, commit, branch, merge, deploy, container, cluster, server, backup, cache, encryption, checksum, certificate,
        sensor, thermostat, transistor, capacitor, resistor, oscilloscope, alloy, weld, lathe, drill bit, tolerance, millimetre, calibrate,
        calibration, pressure gauge, pump, compressor, turbine, generator, inverter, battery pack, fuse, relay, solder, hinge, screw thread,
        spreadsheet, formula, variance, median, regression, matrix, vector, derivative, integral, equation, theorem, hypothesis, sample size,
        dosage, enzyme, protein, antibody, genome, culture dish, centrifuge, pipette, titration, acid, pH, molar, isotope, spectrum, wavelength,
        frequency, hertz, decibel, amplitude, modulation, antenna, satellite, orbit, payload, thrust, altitude, wingspan, hull, ballast, axle,
        gearbox, clutch, brake fluid, coolant, spark plug, exhaust, chassis, suspension, tyre pressure, sudo, mkdir, chmod, npm install, git push,
        docker run, SELECT, WHERE, JOIN, return null;, def main():, printf, #include, import sys, localhost, port 8080, HTTP, JSON, XML, API,
        stack trace, exception, timeout, log file, config file, command line, keyboard shortcut, drop-down menu, click Save, restart the device,
        user manual, warranty, spare part, serial number, installation, driver update, reboot, resolution, megabyte, gigahertz, kilowatt, ohm"""),
    "creative": parts("""moonlight, whispered, shimmering, velvet night, golden dusk, the wind sang, forgotten kingdom, dragon, enchanted, lantern, ember,
        shadow, mist, silver river, her heart, a thousand stars, the sea dreamed, once upon a time, long ago, weeping willow, ghost, castle,
        tower, raven, wolf, owl, mermaid, lighthouse, storm, thunder, snow fell, silence, echo, memory, sorrow, longing, petals, thorns, roses,
        twilight, dawn, horizon, ashes, flame, ballad, lullaby, violin, dancer, masks, mirror, labyrinth, clockmaker, puppet, witch, spell,
        crown of ice, prince, beggar, old sailor, harbour lights, autumn leaves, frost, spring rain, candle, attic, dust, letters never sent,
        footsteps, a door that was not there, wings, feathers, sky like ink, clouds like sheep, tears, laughter like bells, the house breathed,
        the mountain slept, the forest listened, time stopped, he vanished, she turned to stone, his eyes, her voice, the last train, a stranger"""),
    "ethical": parts("""wrong, right, fair, unfair, just, unjust, moral, immoral, duty, obligation, responsibility, justice, injustice, conscience, guilt,
        honesty, integrity, dignity, respect, consent, privacy, equality, rights, human rights, freedom, harm, cruelty, suffering, exploit,
        exploitation, lie, deceive, cheat, betray, steal, bribe, corruption, discrimination, prejudice, racism, abuse, bully, torture, punish,
        punishment, forgive, mercy, compassion, should, should not, ought to, must never, nobody may, is it right to, is it fair that, deserve,
        owe, blame, accountable, promise, trust, loyalty, virtue, vice, greed, selfish, unselfish, common good, the poor, the weak, the vulnerable,
        animal welfare, future generations, whistleblower, fair wage, equal treatment, hypocrisy, dilemma, permissible, forbidden, principle,
        morally acceptable, break a promise, tell the truth, take advantage of, keep a secret, a clear conscience, double standard"""),
    "casual": parts("""hey, hi, hiya, yo, lol, lmao, haha, omg, btw, tbh, idk, brb, gonna, wanna, gotta, dunno, kinda, sorta, yeah, yep, nah, nope, ok, okay,
        cool, awesome, dude, mate, bro, sis, mum, dad, guys, folks, buddy, babe, see ya, catch you later, what's up, no worries, no way, come on,
        oh well, ugh, yay, wow, oops, phew, hmm, meh, nice one, fancy a pint, grab a coffee, pizza tonight, the match, the gig, this weekend,
        running late, on my way, call me, text me, can't wait, so tired, so bored, you coming, wanna come, did you see, guess what, thanks a ton,
        cheers, good luck, sleep well, miss you, love you, lunch, takeaway, telly, sofa, hangover, birthday bash, my bad, sounds good, got it,
        be there in ten, my phone died, traffic is mad, I'm starving, what a day, long time no see, how's it going, let's hang out, you free later?"""),
    "positive": GOOD_ADJ + GOOD_NOUN + GOOD_END,
    "negative": BAD_ADJ + BAD_NOUN + BAD_END,
    "neutral": PLAIN_NOUN + PLACE + WHEN,
}
