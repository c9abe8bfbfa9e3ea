"""The words and sentence frames that the demo model learns from. Written for this project; the evaluation's words are elsewhere."""


def words(text):
    return text.split()


def lines(text):
    return [line.strip() for line in text.strip().splitlines() if line.strip()]


# Nouns with a regular plural.
NOUNS = words("""
actor airport anchor angle ankle answer ant apron arch area arm army arrow artist ashtray aunt author avenue award axe baby bag baker ball
balloon banana band bank barn barrel basin bath battery beach bead bean bear beard bed bee bell belt bench berry bicycle bird biscuit blanket
block boat body bone book boot border boss bowl box boy brick broom brother brush bucket builder bull bulb bus bush butcher button cabin cable
cage cake calendar camel camera camp canal canvas cap captain car card carpet carrot cart castle cat cave ceiling cellar chain chair chapter
cherry chest chicken church cinema circle city class clerk cliff clock cloud clown coach coat coin collar comb cook corner cottage couch cousin
cow cradle crane crate crow crown cup cupboard curtain cushion daughter dentist desk diary dish ditch dog doll donkey door dragon drawer dress
driver drum duck eagle ear editor egg elephant elevator email emperor entrance envelope eraser error essay evening event exam exit eye face
factory fan farm father feather fence ferry field finger flag flame flower flute folder forest fork fountain fox frame friend frog garage
garden gate ghost giant gift girl glass glove goat grape guest guide guitar hall hat hawk hedge helmet hen hill hint hobby hole hook horse
hospital hotel house idea igloo image insect island inn iron item jacket jar jewel job judge jug jungle kettle key king kite kitten knot label
lady lake lamp lawyer leg lemon lesson letter lion list lizard lock log machine map market mask mast match meadow meal melon mirror monkey
monster moon motor mountain mouth mug museum nail name napkin neck needle neighbour nest net nurse oak oar object ocean office officer
onion opera orchard organ outfit oven owl owner page palace pan paper parcel park parrot party path patient peach pear pen pencil person phone
piano picture pig pilot pin pipe pirate planet plank plant plate pocket poem poet pond pony pool postcard pot potato prince prison problem pump
puppet puppy purse queen question rabbit radio raft rake rat recipe ribbon ring road robot rock roof room root rope rose ruler sail salad
sandwich saw school screw seat secret seed shadow ship shirt shoe shop shoulder sink sister skirt sleeve snail sock sofa soldier song spider
sponge spoon stable stage stair stamp star station statue stone stool store storm story stove stranger straw street string student suitcase
sword table tail tailor tank teacher temple tent thread throne tie tiger tile toad toe tool torch towel tower town toy tractor train tray tree
truck trumpet tunnel turtle uncle valley van vase vest violin visitor voice wagon waiter wall wallet watch wave wedding wheel whistle wing
wire witch wizard word worker yard zebra actress address album alley almond alphabet ape arena attic autumn avocado echo effort eel
elbow enemy engineer episode estate exhibit expert eyebrow oath obstacle octopus olive omelette orphan ostrich otter ounce outlet ulcer
understudy upgrade urn usher atlas iris virus campus cactus circus bonus chorus fortress harness princess witness waitress mistress business
""")
IRREGULAR_NOUNS = [line.split() for line in lines("""
man men
woman women
child children
foot feet
mouse mice
person people
leaf leaves
knife knives
wife wives
life lives
wolf wolves
half halves
shelf shelves
thief thieves
elf elves
calf calves
hoof hooves
crisis crises
analysis analyses
thesis theses
oasis oases
basis bases
datum data
medium media
bacterium bacteria
curriculum curricula
radius radii
stimulus stimuli
cactus cacti
syllabus syllabi
appendix appendices
matrix matrices
vertex vertices
axis axes
antenna antennae
formula formulae
alga algae
ellipsis ellipses
parenthesis parentheses
spectrum spectra
memorandum memoranda
policeman policemen
fireman firemen
sheaf sheaves
wharf wharves
dwarf dwarves
automaton automata
""")]

# Verbs with regular forms, and irregular ones: base, past, participle, gerund.
VERBS = words("""
accept add admire admit advise allow announce appear argue arrange ask attach attack avoid bake balance bark behave believe belong blame bless
boast boil borrow bounce bow brush burn bury call camp care cause change chase chat cheat check chew clap clean clear collect compare
complain connect copy correct cough count cover crash cross cry cure decide deliver deny depend describe destroy doubt drag drop dry earn
empty end enjoy enter escape examine excuse expect explain fail fetch fill film fix float fold follow frame gather glow greet grip guess guide
hammer hand happen harm hate heat help hope hug hunt hurry imagine improve invite join joke judge juggle kick kiss knit knock last
launch lick lift like live load lock look love manage march mark marry measure mend miss mix move multiply name nod notice obey object offer
open order owe own pack paint park pass paste pause peel phone pick plan plant play please point polish pour practise pray prefer prepare
present press pretend print promise protect pull punch push question queue race rain reach receive record reduce refuse relax repair repeat
reply rescue rest return roll row rub ruin rule rush save scare scatter scold scrub search seem serve settle share shave shop shout sigh
sign ski skip slip smell smile sneeze sniff snow sort spell spill splash squeeze start stay stir stop store stretch study suggest supply
surprise talk tap taste thank tick tidy tie touch trade train treat trick trip trust try tug turn type use visit wait wander want warn
wash waste watch wave weigh whisper whistle wink wipe wish wonder work worry wrap yawn yell zip
""")
IRREGULAR_VERBS = [line.split() for line in lines("""
come came come coming
become became become becoming
run ran run running
go went gone going
do did done doing
see saw seen seeing
give gave given giving
take took taken taking
eat ate eaten eating
fall fell fallen falling
hold held held holding
feel felt felt feeling
leave left left leaving
keep kept kept keeping
sleep slept slept sleeping
sweep swept swept sweeping
weep wept wept weeping
mean meant meant meaning
meet met met meeting
read read read reading
lead led led leading
send sent sent sending
spend spent spent spending
lend lent lent lending
bend bent bent bending
build built built building
buy bought bought buying
seek sought sought seeking
find found found finding
bind bound bound binding
wind wound wound winding
grind ground ground grinding
win won won winning
spin spun spun spinning
hang hung hung hanging
swing swung swung swinging
sing sang sung singing
ring rang rung ringing
sink sank sunk sinking
shrink shrank shrunk shrinking
spring sprang sprung springing
sit sat sat sitting
spit spat spat spitting
get got got getting
say said said saying
pay paid paid paying
lay laid laid laying
lie lay lain lying
tell told told telling
make made made making
have had had having
hear heard heard hearing
know knew known knowing
throw threw thrown throwing
draw drew drawn drawing
rise rose risen rising
freeze froze frozen freezing
swear swore sworn swearing
tear tore torn tearing
bear bore borne bearing
shoot shot shot shooting
shine shone shone shining
slide slid slid sliding
strike struck struck striking
stick stuck stuck sticking
dream dreamt dreamt dreaming
learn learnt learnt learning
light lit lit lighting
lose lost lost losing
breed bred bred breeding
bleed bled bled bleeding
flee fled fled fleeing
weave wove woven weaving
be was been being
understand understood understood understanding
forgive forgave forgiven forgiving
undo undid undone undoing
kneel knelt knelt kneeling
deal dealt dealt dealing
""")]
DOUBLED = set(words("admit chat clap drag drop grip hug knit nod plan prefer rub scrub ship shop skip slip stir stop tap trip tug wrap zip pin rob fit"))

# Words whose sound and first letter disagree, and initials: the article each takes.
AN_SOUNDS = words("honour honourable MP3 SMS HTML ATM LED SOS X-ray IQ MBA RSS LCD HR IPO LP NBA RAF SUV")
A_SOUNDS = words("unicorn uniform unit union useful user unique usual euro uranium unicycle utensil ukulele unified CD DVD URL UFO BBC CIA PhD GPS TV PC QR UK")
AFTER_AN = words("file message page manager screen call rate exam report machine")
ADJECTIVES = words("""
angry bitter black brave bright broken busy calm cheap clean clever cold cool cruel dark deep dry early easy empty even fair famous fast fat
fine flat fresh funny gentle glad golden grand grey happy hard heavy hot huge icy idle kind large late lazy light little lonely long loud low
lucky mild modern narrow new nice noisy odd old open orange pale plain polite poor proud quick quiet rare red rich ripe rough round sad sharp
shy silly simple slow small smooth soft sour steep strange strong sweet tall thick thin tidy tiny tired ugly upper warm weak wet wide wild wise
yellow young ancient active awful elegant eager amusing equal evil exact extra idle inner oval outer urgent usable useless
""")

# People and things of the sentence frames.
NAMES = words("Anna Ben Carla David Emma Felix Grace Henry Irene Jack Kate Leo Maria Nina Oscar Paula Rosa Sam Tina Victor Laura Martin Julia Simon")
PEOPLE = words("teacher baker driver nurse painter pilot sailor clerk gardener singer student farmhand waiter builder cousin brother sister uncle visitor guard")
PLACES = lines("""
in the garden
at the station
near the lake
in the kitchen
on the hill
behind the barn
in the library
by the bridge
at the market
under the old tree
next to the church
in the office
""")
TIMES = lines("""
every morning
on Sundays
in the winter
after lunch
before work
at night
every week
in the summer
""")
THINGS = words("book box chair cup letter lamp bag map coat bottle basket picture clock plate ticket key shirt drum knife stone")

# Domain: four kinds of text. {x} picks from the lists below.
DOMAIN = {
    "technical": lines("""
        Install the {soft} and restart the {server}.
        The {soft} writes its log to {path}.
        Check the version of the {soft} with {cmd} --version.
        {cmd} {flag} {path}
        {cmd} {flag} {path} | sort | head
        sudo {cmd} {flag} {file}
        {cmd} {sub} {flag} {file}
        docker {sub} {flag} {soft}
        git {sub} {flag} main
        The {server} returns an error when the {part} is missing.
        The {part} is allocated once and freed by the {soft}.
        Each {part} has an id that the {server} checks.
        Compile the {soft} with {flag} to enable the {part}.
        Set the {part} to {n} in the {file} file.
        The {soft} parses the {part} before it opens the {server}.
        Increase the {part} size to {n} bytes and run the test again.
        Add a {part} to the {server} so that requests are not lost.
        The loop reads {n} bytes from the {part} until it is empty.
        This method throws an exception if the {part} is not valid.
        The {server} listens on port {n}.
        Open {path} and change the {part} to {n}.
        The query joins two tables on the {part} column.
        A {part} maps each key to a {part} in memory.
        Update the {soft} before you deploy to the {server}.
        The {server} uses TLS to encrypt every {part}.
        for i in range({n}): print(i)
        if {part} == null then return {n};
        SELECT {part} FROM {soft} WHERE id = {n};
        The {part} index starts at zero, not at one.
        Rename the {file} file and rebuild the {soft}.
    """),
    "creative": lines("""
        The {sky} {poured} through the {old} {place}.
        Her {heart} became a {light} for the {dark} {place}.
        A {maker} made a {magic} that could {sing} to the {sky}.
        The {sky} whispered to the {old} {place}, and the {place} answered.
        He carried his {heart} like a {light} through the {place}.
        Beneath the {sky}, the {place} dreamed of the {sky}.
        The {beast} slept in the {dark} {place} and dreamed of {light}s.
        Long ago, the {sky} fell in love with a {maker}.
        A {light} trembled in the {dark} water like a lost {heart}.
        She danced with the {sky} until the {place} turned to gold.
        The {old} {place} remembered every {heart} it had ever held.
        Silence {poured} into the {place} like slow {sky}.
        Every night the {beast} came to the {place} to count the stars.
        The {maker} stitched a {heart} from {sky} and thread.
        In the {dark} {place}, even the {beast} had forgotten how to {sing}.
        The {sky} broke like glass upon the {old} {place}.
        Somewhere a {light} still burned for the {beast}.
        The {place} wore the {sky} like a silver gown.
        His {heart} was an {old2} {light} that no wind could put out.
        There was a {maker} who kept the {sky} in a jar.
        The {beast} drank the {sky} and began to {sing}.
        Her hair was the colour of {dark} {sky}.
        And the {sky} wept softly for the {old} {place}.
        Time lay down in the {place} like a tired {beast}.
    """),
    "ethical": lines("""
        It is wrong to {bad} {someone}.
        It is not right to {bad} {someone}, even if nobody sees it.
        We should never {bad} {someone}.
        We ought to {good} {someone}.
        Everyone has a duty to {good} {someone}.
        Is it fair to {bad} {someone} for {gain}?
        Is it right to {bad} {someone} so as to {good} {someone}?
        How unfair it is to {bad} {someone}!
        Only the unjust {bad} {someone} for {gain}.
        A good person must {good} {someone}.
        {Boss} may not {bad} {someone} for {gain}.
        {Boss} should {good} {someone} before {gain}.
        No one has the right to {bad} {someone}.
        All people deserve respect, and nobody should {bad} {someone}.
        Those who {bad} {someone} should answer for the harm they cause.
        {Boss} have a moral duty to {good} {someone}.
        It takes honesty and justice to {good} {someone}.
        Is it ever acceptable to {bad} {someone}?
        Nobody may {bad} {someone}, whatever the reason.
        To {bad} {someone} for {gain} is a serious wrong.
        We owe it to {someone} to {good} them.
        Even a rich man should not {bad} {someone}.
        It is our responsibility to {good} {someone}.
        Would it be right for {boss} to {bad} {someone}?
    """),
    "casual": lines("""
        hi! how was your {event}?
        {hey}, up for {food} {when}?
        {hey}, what are you doing {when}?
        lol {pal} {did} again
        {omg} {pal} {did} at the {event}
        {omg} have you heard about {pal}?
        we're getting {food} {when}, wanna come?
        gonna watch the {event} {when}, you in?
        yeah sure, see you {when}!
        {ugh} what a day, {food} and bed for me
        {ugh} my phone just died, call you {when}
        haha that's so funny, {pal} {did}
        thanks a lot, you're the best!
        nah, not really in the mood for {food} {when}
        can't wait for the {event} {when}!!
        {hey}, {pal} says hi, let's hang out {when}
        wow, no way! {pal} {did}?
        dude, the {event} was awesome
        sorry, running late, be there in {n} min
        ok cool, talk {when}
        btw {pal} is bringing {food} {when}
        you guys wanna grab {food} {when}?
        so bored right now, any plans {when}?
        yep, sounds good to me!
        miss you guys, let's do {food} soon
        what's up? long time no see!
    """),
}
SLOTS = {
    "soft": words("package compiler driver plugin library client parser kernel module debugger editor scheduler database loader toolchain browser container daemon"),
    "server": words("server service router cluster host backend gateway proxy queue worker cache endpoint"),
    "part": words("buffer pointer variable header token parameter thread socket field string array struct key value hash record timeout checksum block register row config"),
    "path": words("/etc/hosts /var/log/app.log /usr/local/bin ~/src/main.rs ./build/output /tmp/cache.db /home/dev/notes.txt C:\\temp\\data.csv"),
    "cmd": words("ls cp mv rm cat find sed awk curl ssh scp make cargo npm pip chmod kill ps zip wget rsync ping"),
    "sub": words("run build push pull start stop add commit clone merge status install update remove"),
    "flag": words("-l -a -r -f -v -rf -it -p --all --force --quiet --verbose -n --release -m"),
    "file": words("config.yaml main.c index.html settings.json Makefile setup.py app.toml notes.md server.conf data.csv"),
    "n": words("4 8 10 16 20 30 64 80 100 256 443 512 1024 8080"),
    "sky": words("moon sunlight dawn rain wind night sea star snow thunder mist twilight winter sunset ocean tide"),
    "poured": words("poured drifted fell sang wandered crept flowed rolled spilled"),
    "old": words("ancient sleeping silent golden forgotten quiet silver lonely broken"),
    "old2": words("ancient endless old aching"),
    "dark": words("dark deep black frozen hidden velvet empty endless"),
    "place": words("forest castle tower valley city harbour meadow mountain lighthouse garden river village"),
    "heart": words("heart voice memory sorrow smile soul grief secret song shadow"),
    "light": words("lantern candle ember flame mirror feather lamp spark"),
    "maker": words("painter wizard weaver fisherman princess giant tailor blacksmith poet king"),
    "magic": words("crown violin mirror ship clock flute doll dragon cloak"),
    "sing": words("sing weep dream fly dance whisper"),
    "beast": words("dragon raven wolf owl unicorn ghost whale swan stag"),
    "bad": words("cheat deceive hurt betray exploit insult rob mislead bully humiliate punish threaten abandon mistreat silence") + lines("lie to\nsteal from\ntake advantage of\nspy on"),
    "good": words("protect respect defend forgive support shelter") + lines("be honest with\ncare for\ntell the truth to\ntreat fairly"),
    "someone": lines("""
        an innocent person
        animals
        a helpless child
        the poor
        the weak
        strangers
        a friend
        old people
        the workers
        someone who trusts you
        other people
        the sick
        prisoners
        your neighbours
        customers
        refugees
    """),
    "gain": lines("money\nprofit\npersonal gain\nfame\na small reward\npower"),
    "Boss": lines("Companies\nDoctors\nJudges\nBosses\nTeachers\nGovernments\nLeaders\nLawyers\nScientists"),
    "boss": lines("a company\na doctor\na judge\nthe police\na parent\nthe state\na nurse"),
    "hey": words("hey hi heya yo hiya dude guys"),
    "omg": words("omg wow haha lol whoa"),
    "ugh": words("ugh meh argh oof hmm"),
    "pal": lines("my dog\nmy brother\nJake\nmy mum\nLucy\nmy roomie\nthat guy\nMike\nmy sis\nthe cat"),
    "did": lines("spilled the coffee\nlost the keys\nfell asleep\nate my lunch\nbroke the chair\nmissed the bus\nforgot my name\ngot stuck in the lift\nsang in the shower"),
    "food": words("pizza tacos burgers lunch drinks sushi snacks beer ramen brunch"),
    "when": lines("tonight\nlater\ntomorrow\nthis weekend\nafter work\non Friday\nin a bit\naround seven"),
    "event": words("weekend game party movie trip gig match birthday exam holiday"),
}

# Tone. {thing} and {place2} are neutral; the rest carries the tone.
TONE = {
    "positive": lines("""
        I love this {lovely} {thing}.
        What a {lovely} {thing}!
        The {thing} was {lovely} and the people were so kind.
        We had a {lovely} time at the {place2}.
        The {lovely} {thing} made my day.
        I am so happy with my new {thing}.
        Everything about the {place2} was {lovely}.
        The staff at the {place2} were friendly and helpful.
        I would go back to this {place2} again and again.
        This is the best {thing} I have ever had.
        My family loved the {place2}, thank you so much!
        A {lovely} {thing}, and cheap too.
        The {thing} works perfectly and looks {lovely}.
        They repaired my {thing} for free, great people!
        We laughed and danced all night at the {place2}.
        I am proud of this {thing}.
        Thank you for the {lovely} {thing}, I enjoyed it a lot.
        The {thing} was better than I had hoped.
        I recommend this {place2} to all my friends.
        Such a warm welcome at the {place2}, we felt at home.
        Great {thing}, great price, great service.
        I smiled the whole day because of the {thing}.
        The {thing} arrived early and was {lovely}.
        Our son was delighted with the {thing}.
        Not a single problem with the {thing}, I am very pleased.
    """),
    "negative": lines("""
        I hate this {awful} {thing}.
        What a {awful} {thing}!
        The {thing} was {awful} and the people were unfriendly.
        We had a {awful} time at the {place2}.
        The {awful} {thing} ruined my day.
        I am so disappointed with my new {thing}.
        Everything about the {place2} was {awful}.
        The staff at the {place2} were rude and slow.
        I will never go back to this {place2}.
        This is the worst {thing} I have ever had.
        My family hated the {place2}, never again!
        A {awful} {thing}, and far too expensive.
        The {thing} broke after one day.
        They lost my {thing} and did not even say sorry.
        We waited two hours at the {place2} and nobody came.
        I am ashamed of this {thing}.
        The {thing} was {awful}, I want a refund.
        The {thing} was much worse than I had feared.
        I would not recommend this {place2} to anybody.
        The {place2} was dirty and smelled bad.
        Bad {thing}, bad price, bad service.
        I cried because of the {thing}.
        The {thing} arrived late and was broken.
        Our son was sad about the broken {thing}.
        Nothing but problems with the {thing} since we got it.
    """),
    "neutral": lines("""
        The {thing} is on the table.
        The {place2} opens at {hour}.
        The {place2} is closed on {day}s.
        The {thing} costs {num} euros.
        The {thing} weighs {num} grams.
        The {place2} is {num} metres from the station.
        The next meeting is on {day} at {hour}.
        There are {num} chairs in the {place2}.
        The {thing} was delivered on {day}.
        The list contains {num} names.
        The {place2} has {num} rooms and one lift.
        The bus to the {place2} leaves at {hour}.
        The {thing} is made of wood.
        Please write your name and the date on the form.
        The film starts at {hour}.
        The {place2} was built in 19{num}.
        The report has {num} pages and two tables.
        The {thing} comes in three colours.
        The lake is about {num} kilometres wide.
        Line {num} stops in front of the {place2}.
        The course runs from {day} to {day}.
        The {place2} is next to the town hall.
        The timetable changes on {day}.
        The {thing} belongs to the {place2}.
        Tickets are sold at the {place2} from {hour}.
        The price list for the {thing} is valid until {day}.
    """),
}
SLOTS |= {
    "lovely": words("wonderful beautiful lovely fantastic great excellent amazing perfect charming delightful superb brilliant nice pleasant tasty marvellous"),
    "awful": words("terrible horrible bad poor nasty disgusting dreadful boring useless ugly disappointing miserable pathetic shabby"),
    "thing": words("meal room film book phone chair coat bike cake lamp song trip show hotel bag shirt car pen table radio ticket haircut parcel"),
    "place2": words("shop restaurant hotel cinema library school market beach cafe theatre office bank station garden park"),
    "hour": words("eight nine ten six seven five noon"),
    "day": words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    "num": words("12 15 20 24 30 36 40 45 50 60 75 80 90"),
}

# More words whose sound and first letter disagree.
A_SOUNDS += words("""unicorn unity universe universal unilateral unique uniform uniformed united university unanimous unison unitary unicellular
universally uniquely unifying union unionised eucalyptus eulogy euphemism euphoric European euro Eurasian Eurovision ewe ewer eureka usable usage
used useless user username usher-free usurper usual usurious utensil uterus utilitarian utility utopia utopian utterly-unique uranium urinal
urologist uvula ubiquitous ukulele Ukrainian Ugandan Uruguayan one-off one-way one-sided one-legged one-time one-armed one-bedroom one-eyed
once-famous once-great once-only one-hour one-woman one-man one-day one-storey oner ufologist unicyclist unisex""")
AN_SOUNDS += words("""hour hourly hour-long hourglass honest honestly honesty honour honourable honorary honoured heir heiress heirloom honorarium
dishonest unusual uninvited unimportant uninteresting unintended unimpressed uncle umbrella urgent usher utter ugly upper unhappy
MP FBI NGO MRI RAF SUV STD SMS LCD HR IPO IQ X-ray MBA MSc RSS X-rated F-shaped S-bend L-plate""")
A_SOUNDS = [w for w in A_SOUNDS if w not in ("usher-free", "utterly-unique", "oner")]
# Words with an h that is heard, and vowels of which the spelling tells nothing odd.
A_SOUNDS += words("hotel house historian hero harvest hairdresser helpful horrible huge humble hospital hobby hundred holiday habit human hill honeymoon hood hook youth year yacht yellow yolk wizard wonder week one-piece")
