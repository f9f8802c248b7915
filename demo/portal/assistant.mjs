// The portal's assistant: it looks for words it knows and gives an answer that
// was written for them. Enough for a demonstration of what stands around an AI.

const topics = [
    {
        words: {
            sv: /bygg|uterum|attefall|garage|plank|altan|tillbyggnad|friggebod/i,
            fi: /raken|lupa|terassi|autotall|aita/i,
            en: /build|permit|conservatory|garage|fence|extension/i,
        },
        more: '/tjanster/bygglov',
        sv: 'Ett uterum på högst 15 kvadratmeter kan ofta byggas utan bygglov, om huset är ett en- eller tvåbostadshus och taket inte blir högre än 3 meter. Bor du inom detaljplan kan planen säga något annat. Skicka gärna en skiss, så ser en handläggare på den innan du börjar.',
        fi: 'Enintään 15 neliömetrin lasiterassin voi usein rakentaa ilman rakennuslupaa, jos talossa on yksi tai kaksi asuntoa eikä katto ole yli 3 metriä korkea. Asemakaavassa voi olla muita määräyksiä. Voit lähettää luonnoksen, niin käsittelijä katsoo sen ennen kuin aloitat.',
        en: 'A conservatory of at most 15 square metres can often be built without a permit, if the house has one or two homes and the roof is no higher than 3 metres. A detailed plan may say otherwise. You are welcome to send a sketch, so that an officer can look at it before you begin.',
    },
    {
        words: {
            sv: /förskol|dagis|barnomsorg|syskon/i,
            fi: /esikoul|päiväko|päivähoi/i,
            en: /preschool|nursery|child ?care|kindergarten/i,
        },
        more: '/tjanster/forskola',
        sv: 'Du kan söka plats i förskola från det att barnet är sex månader. Plats erbjuds inom fyra månader från den dag du önskar. Avgiften beror på hushållets inkomst och är högst 1 688 kronor i månaden för det första barnet.',
        fi: 'Esikoulupaikkaa voi hakea, kun lapsi on puolivuotias. Paikka tarjotaan neljän kuukauden kuluessa toivomastasi päivästä. Maksu riippuu kotitalouden tuloista ja on ensimmäisestä lapsesta enintään 1 688 kruunua kuukaudessa.',
        en: 'You can apply for a place at preschool once the child is six months old. A place is offered within four months of the day you wish for. The fee depends on the income of the household and is at most SEK 1,688 a month for the first child.',
    },
    {
        words: {
            sv: /avfall|sop|återvinn|sorter|kärl|grovsopor/i,
            fi: /jäte|roska|kierrät|lajittel/i,
            en: /waste|rubbish|garbage|recycl|bin\b/i,
        },
        more: '/tjanster/avfall',
        sv: 'Matavfall och restavfall hämtas varannan vecka, plast och papper var fjärde. Ställ ut kärlet före kl. 6 på hämtningsdagen. Grovavfall lämnar du på återvinningscentralen, som har öppet alla dagar utom måndagar.',
        fi: 'Bio- ja sekajäte noudetaan joka toinen viikko, muovi ja paperi joka neljäs. Siirrä astia paikalleen ennen klo 6 noutopäivänä. Isot jätteet voit viedä kierrätyskeskukseen, joka on auki muina päivinä paitsi maanantaisin.',
        en: 'Food waste and residual waste are collected every other week, plastic and paper every fourth. Put out the bin before 6:00 on the day of collection. Bulky waste goes to the recycling centre, which is open every day except Mondays.',
    },
    {
        words: {
            sv: /snö|plog|halk|sand(a|ning)|vinterväg/i,
            fi: /lumi|lunta|lume|aura|liuka|hiekoi/i,
            en: /snow|plough|plow|slippery|gritting/i,
        },
        more: '/tjanster/snorojning',
        sv: 'Vi börjar ploga när det har kommit fem centimeter snö. Skolvägar, gångvägar och bussgator går först och ska vara klara till kl. 7. Bostadsgator är klara inom tolv timmar efter att det slutat snöa. Säg till om en väg är missad.',
        fi: 'Alamme aurata, kun lunta on viisi senttimetriä. Koulureitit, kävelytiet ja bussikadut aurataan ensin klo 7 mennessä. Asuinkadut on aurattu 12 tunnin kuluessa siitä, kun lumisade on loppunut. Ilmoita, jos jokin tie on jäänyt auraamatta.',
        en: 'We start ploughing at five centimetres of snow. Ways to school, footpaths and bus streets come first and should be done by 7:00. Residential streets are done within twelve hours after it has stopped snowing. Tell us if a road was missed.',
    },
];

const unknown = {
    sv: 'Det vet jag inte. Jag kan svara på frågor om bygglov, förskola, avfall och snöröjning. För allt annat finns det människor i kontaktcenter, och länken dit står överst på sidan.',
    fi: 'En tiedä sitä. Osaan vastata kysymyksiin rakennusluvista, esikoulusta, jätteistä ja lumenaurauksesta. Kaikessa muussa auttavat asiakaspalvelun ihmiset, ja linkki heille on sivun yläreunassa.',
    en: 'I do not know that. I can answer questions about building permits, preschool, waste and snow clearance. For everything else there are people at the contact centre, and the link to them is at the top of the page.',
};

const empty = {
    sv: 'Skriv en fråga, så svarar jag.',
    fi: 'Kirjoita kysymys, niin vastaan.',
    en: 'Write a question and I will answer.',
};

// what the gateway puts in the place of a personal number and the like
const MASK = /\[[\p{L}][\p{L} -]* \d+\]/u;

const masked = {
    sv: (mask) => `Du skrev ${mask}. Jag fick bara en markering i stället.`,
    fi: (mask) => `Kirjoitit ${mask}. Minä sain sen tilalla vain merkinnän.`,
    en: (mask) => `You wrote ${mask}. I got only a mark in its place.`,
};


// The answer to a question, in the language asked for or else in the one whose
// words it holds: { lang, known, text, more }.
export function answer(question, wanted) {
    const reply = find(question, wanted);
    const mask = question.match(MASK);

    return mask ? { ...reply, text: `${masked[reply.lang](mask[0])} ${reply.text}` } : reply;
}


function find(question, wanted) {
    const order = wanted ? [wanted, 'sv', 'fi', 'en'] : ['sv', 'fi', 'en'];

    for (const lang of order) {
        const topic = topics.find(({ words }) => words[lang].test(question));

        if (topic) {
            const reply = wanted ?? lang;
            return { lang: reply, known: true, text: topic[reply], more: topic.more };
        }
    }

    const lang = wanted ?? (/\b(mitä|miten|missä|milloin|onko|voinko)\b/i.test(question) ? 'fi'
        : /\b(what|how|where|when|can|is|the|do)\b/i.test(question) ? 'en' : 'sv');

    return { lang, known: false, text: (question ? unknown : empty)[lang], more: null };
}
