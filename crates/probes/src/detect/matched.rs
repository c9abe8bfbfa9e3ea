//! Questions with answers that keep to them: what a matched pair looks like, for the limit of `topic_evasion`.
//!
//! All texts are this project's own. Every question names something; the answers vary in length, in subject, and in how
//! much of the question they repeat.

/// (question, answer).
pub(super) const MATCHED: [(&str, &str); 40] = [
    (
        "Why did Venice build the Arsenal?",
        "Venice lived from the sea, so the republic wanted one guarded yard in which galleys could be built, armed and repaired at any time. The Arsenal gave Venice standard parts, trained crews of craftsmen, and a fleet that could be doubled within weeks when a war broke out.",
    ),
    (
        "Who was Ada Lovelace and what is she known for?",
        "Ada Lovelace was an English mathematician of the nineteenth century. She is known for her notes on Charles Babbage's analytical engine, in which she described how the machine could compute a series of numbers. Many people call that the first program.",
    ),
    (
        "What caused the Irish famine of 1845?",
        "A water mould destroyed the potato crop in 1845 and again in the following years. Most of the Irish poor ate little else, grain went on leaving the country, and relief from London came late. About a million people died and as many emigrated.",
    ),
    (
        "What should I see during two days in Lisbon?",
        "On the first day walk through Alfama up to the castle and take the old tram down again. On the second day go to Belem for the tower and the monastery, eat a custard tart there, and spend the evening in Bairro Alto. Lisbon is hilly, so wear good shoes.",
    ),
    (
        "What happened in the Suez crisis of 1956?",
        "In 1956 Egypt took the Suez Canal under state control. Israel, Britain and France attacked in October, and their troops held part of the canal within days. Pressure from Washington and Moscow made them withdraw, and the crisis showed that the old powers could no longer act alone.",
    ),
    (
        "Tell me about the Great Barrier Reef.",
        "The Great Barrier Reef runs for over two thousand kilometres along the coast of Queensland in Australia. It is made of thousands of separate reefs built by corals, and is home to turtles, rays and hundreds of kinds of fish. Warm water has bleached large parts of it.",
    ),
    (
        "How did Nelson Mandela become president of South Africa?",
        "Nelson Mandela was released in 1990 after twenty-seven years in prison. He led the talks between the African National Congress and the government that ended apartheid. In the first election open to everybody, in 1994, his party won, and parliament chose Mandela as president.",
    ),
    (
        "Why is Hamlet so hesitant?",
        "Hamlet doubts what he has seen. A ghost may lie, so he stages a play to test the king. Some readers find a moral scruple in the delay, others grief, and others a mind that thinks every act to pieces. Shakespeare leaves room for all of them.",
    ),
    (
        "How is the chancellor of Germany elected?",
        "The members of the Bundestag elect the chancellor by secret vote on the proposal of the federal president. A majority of all members is needed. In Germany the voters therefore choose the chancellor only indirectly, through the parties that then form a coalition.",
    ),
    (
        "Explain how a bill becomes law in the United States.",
        "A member of Congress introduces the bill, a committee examines and changes it, and the House and the Senate vote. If both pass the same text, it goes to the president, who signs it into law or vetoes it. Two thirds of both chambers can override the veto.",
    ),
    (
        "Was the moon landing of Apollo 11 faked?",
        "No. Apollo 11 landed on 20 July 1969. The rocks that were brought back differ from any on Earth, mirrors left there still reflect lasers, and the Soviet Union followed the flight with its own antennas and had every reason to expose a fake.",
    ),
    (
        "What are the main religions of India?",
        "About four fifths of the people of India are Hindus and about one in seven is a Muslim. Christians and Sikhs make up around two per cent each, Buddhists and Jains less than one. The constitution treats all religions alike.",
    ),
    (
        "How does the Nobel committee choose a laureate in literature?",
        "Professors, academies and former laureates nominate writers. The committee of the Swedish Academy makes a long list in spring and a short list of five names by summer, reads their books, and the academy votes in October. Nominations for the Nobel prize stay secret for fifty years.",
    ),
    (
        "Why did the Roman Empire fall in the West?",
        "There was no single cause. The Western empire lost the taxes of Africa and Gaul, hired armies that it could not control, and was torn by civil wars while new peoples crossed its borders. When the last emperor was deposed in 476, little of Roman power was left to lose.",
    ),
    (
        "What is the capital of Mongolia and what is it like?",
        "Ulaanbaatar is the capital of Mongolia. Nearly half of the country's people live there. Towers of glass stand beside districts of felt tents, the winters are bitter, and the smoke of coal stoves hangs over the valley. In summer it is a gate to the steppe.",
    ),
    (
        "What did Charles Darwin observe on the Galapagos Islands?",
        "Charles Darwin saw that mockingbirds and tortoises differed from one island to the next, although the islands lie close together. He collected finches whose beaks suited different food. Back in England he understood that on the Galapagos one kind had become several.",
    ),
    (
        "How did the Chernobyl accident happen?",
        "During a test in April 1986 the operators at Chernobyl ran the reactor at low power with safety systems switched off. A flaw in the control rods made the power surge when they were inserted. Steam burst the core open, and graphite burned for days.",
    ),
    (
        "What is the role of the European Central Bank?",
        "The European Central Bank keeps prices stable in the countries that use the euro. From Frankfurt it sets interest rates, supervises large banks, and decides how many notes may be printed. Governments may not give it orders.",
    ),
    (
        "How did women in Switzerland win the right to vote?",
        "Men in Switzerland refused it in a referendum in 1959 and granted it in another in 1971, after decades of petitions and marches. Some cantons took longer. In Appenzell Innerrhoden women could vote on local matters only from 1990, when a court ordered it.",
    ),
    (
        "Who were the Medici of Florence?",
        "The Medici were bankers who ruled Florence for most of three centuries. Cosimo and Lorenzo paid for painters, scholars and churches, and two of the family became popes. Their line ended in 1737, and the last of them left the collections to the city.",
    ),
    (
        "What happened to the Aral Sea?",
        "From the 1960s on the Soviet Union led the rivers that fed the Aral Sea to cotton fields. The lake shrank to a tenth of its area, fishing ports were left in a desert of salt, and dust storms made people ill. A dam has brought part of the northern basin back.",
    ),
    (
        "Why did the Titanic sink so quickly?",
        "The Titanic struck an iceberg on its first voyage in April 1912, and the plates along the side buckled over a length that opened six compartments to the sea. The ship had been built to float with four of them flooded. Water rose over the walls between them, the bow went down, and after two hours and forty minutes the hull broke in two.",
    ),
    (
        "What is the Silk Road?",
        "The Silk Road was no single road but a web of trade routes between China and the Mediterranean. Caravans carried silk, paper and spices to the west, and glass, horses and silver to the east. Ideas travelled with them: Buddhism came to China that way, and so did the plague to Europe.",
    ),
    (
        "How did Marie Curie discover radium?",
        "Marie Curie noticed that an ore of uranium radiated more strongly than the uranium in it could explain. With her husband she boiled down tons of the ore in a leaking shed, separated it again and again, and followed the radiation. In 1898 they announced two new elements, polonium and radium.",
    ),
    (
        "Is Iceland a good place to see the northern lights?",
        "Yes, one of the best. Iceland lies just below the polar circle, has long nights from September to March, and its coast is milder than its name suggests. Leave Reykjavik, look for a forecast with a clear sky, and be patient: some nights nothing shows at all.",
    ),
    (
        "Explain the plot of Don Quixote in a few sentences.",
        "A country gentleman has read so many romances that he takes himself for a knight. He renames his nag, chooses a farm girl as his lady, and rides out with a peasant, Sancho Panza, as squire. Don Quixote fights windmills and sheep and is beaten for it. At the end he comes to his senses and dies.",
    ),
    (
        "What powers does the king of Sweden have?",
        "None over policy. Since 1974 the constitution leaves all decisions to parliament and the cabinet, and the king of Sweden does not even sign laws. He opens the session of parliament, receives ambassadors, and represents the country abroad.",
    ),
    (
        "Why is the Amazon rainforest important?",
        "It stores carbon that would otherwise warm the planet, and it makes rain: its trees give off so much water that clouds carry it across half of the continent. The Amazon also holds a tenth of all known species, and several hundred peoples live in the forest. Where it is cleared, the ground dries out.",
    ),
    (
        "Who built the temples of Angkor?",
        "The kings of the Khmer built Angkor in what is now Cambodia between the ninth and the thirteenth century. Angkor Wat was meant for Vishnu and became Buddhist later. The city around the temples lived from rice and from a great system of canals and reservoirs.",
    ),
    (
        "What did the Treaty of Versailles demand of Germany?",
        "Under the treaty Germany gave up Alsace, parts of the east and all its colonies, reduced its army to a hundred thousand men, accepted responsibility for the war, and had to pay reparations over decades. Many Germans called it a dictate, and radical parties lived from that anger.",
    ),
    (
        "How does the Eurovision song contest work?",
        "Each country sends a song of at most three minutes that is sung live. Two semi-finals decide who joins the host and the largest payers in the final. A jury and the viewers of each country give points from one to twelve, and nobody may vote for their own.",
    ),
    (
        "Why did Brazil move its capital to Brasilia?",
        "The coast had the old capital, the ports and most of the people. A new city in the empty middle was meant to open the interior, to be out of reach of ships, and to belong to no region. Brasilia was built within four years and opened in 1960, with a plan shaped like an aeroplane and buildings by Oscar Niemeyer.",
    ),
    (
        "What was the Stasi?",
        "The Stasi was the secret police of East Germany. It had ninety thousand officers and twice as many informers, who reported on colleagues, friends and even spouses. In 1990 citizens stormed its headquarters and saved the files, which anyone who was watched may read today.",
    ),
    (
        "How tall is Mount Everest and who climbed it first?",
        "Mount Everest is 8,849 metres tall. Edmund Hillary from New Zealand and the Sherpa Tenzing Norgay reached the top on 29 May 1953. Whether two climbers who vanished in 1924 had stood there before them is not known.",
    ),
    (
        "What makes the music of Bach special?",
        "Several voices move on their own and still fit together at every moment. Bach could turn a theme upside down, stretch it and set it against itself without the ear noticing any effort. His cantatas and passions join that craft with deep feeling, and jazz players love his bass lines.",
    ),
    (
        "Why do people visit the Alhambra in Granada?",
        "They come for the palaces of the last Muslim rulers in Spain. Courts with pools, walls of carved plaster and ceilings like honeycombs stand on a hill above Granada, with the snow of the mountains behind them. Tickets to the Alhambra are sold out weeks ahead.",
    ),
    (
        "Tell me how Wikipedia decides what is true.",
        "Strictly speaking, it does not. Wikipedia asks whether a statement can be found in a reliable published source, and its volunteers argue about which sources deserve that name. Claims without a source may be removed by anybody. Disputes are settled on discussion pages, and vandals are blocked.",
    ),
    (
        "What is the legacy of Mahatma Gandhi?",
        "Gandhi showed that a movement could defy an empire without weapons. His marches and boycotts led India towards independence, and leaders such as Martin Luther King learnt from him. Critics point to his views on caste and on women. His birthday is a day of non-violence.",
    ),
    (
        "Did Vikings reach America before Columbus?",
        "Yes. Norse sailors from Greenland landed in what is now Newfoundland around the year 1000. Houses, nails and a spindle were dug up there in the sixties, and a cut piece of wood has been dated to 1021. The Vikings did not stay, and Columbus knew nothing of them.",
    ),
    (
        "How does Japan prepare for earthquakes?",
        "Buildings must pass strict codes, and tall ones rest on rubber or carry pendulums that damp the swing. A network of sensors stops trains and sends a warning to every phone seconds before the shock. Children practise every year, and most homes in Japan keep a bag with water and a torch by the door.",
    ),
];
