"""The words that check-worthiness looks at, by the feature they speak for.

Written by hand for this project from general knowledge of political speech and news. A word stands
in one list only, in lower case and in every form that counts; apostrophes are straight. The lists
are meant to be read and argued with: a word that misleads is taken out here, nowhere else.
"""

from __future__ import annotations

from typing import Final

__all__ = ["WORDS"]

WORDS: Final[dict[str, str]] = {
    # What can be counted and has been.
    "measure": """
        percent percentage percentages million millions billion billions trillion trillions thousand
        thousands hundred hundreds dollar dollars cents rate rates ratio average median per pounds
        euros tons barrels gallons dozens dozen fold""",
    "number": """
        two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
        seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety zero half
        third quarter thirds quarters fifths fifth double doubled doubling triple tripled quadrupled
        halved twice""",
    # Change and comparison: the words of statistics told in prose.
    "change": """
        than increase increased increases increasing decrease decreased decreases decline declined
        declining rise rose risen rising fall fell fallen falling grow grew grown growing growth
        shrank shrunk soared plunged dropped drop drops climbed surged slashed slowed worsened
        improved expanded reduced reduces reduction reductions raised raises lowered lowers eroded
        higher lower highest lowest largest biggest smallest fewer least fastest slowest poorest
        richest wealthiest toughest worst longest lost gained loss losses gain gains gone added adds
        exceeded outnumbered ranks ranked became become boom slump cuts shortage shortages""",
    # Acts that leave a record behind them.
    "record": """
        voted vote votes vetoed veto signed passed passes enacted repealed introduced sponsored
        cosponsored appointed nominated confirmed ratified negotiated withdrew withdrawn resigned
        fired opposed opposes supported supports endorsed proposed proposes promised pledged refused
        rejected blocked approved authorized authorised ordered banned deported pardoned indicted
        convicted charged sentenced arrested sued ruled investigated subpoenaed deleted admitted
        denied accused apologised apologized criticised criticized announced launched invaded
        attacked bombed killed murdered shot captured deployed sanctioned sold shipped bought
        imported exported outsourced spent spends paid pays cost costs funded financed borrowed owed
        owes balanced created built closed opened cancelled canceled ended hired employed covered
        covers owned owns donated received reported found declared filed demanded warned condemned
        elected defeated won according gutted eliminated restored dismantled established joined
        attended bailed filibustered testified released certified granted awarded recommended
        estimated concluded projected rated calculated leaked abstained overrode overturned
        inherited presided authored chaired agreed violated cast freed hacked tortured detained
        evacuated liberated seized collapsed lie lies lied""",
    # What the public argues about and somebody keeps the books of.
    "topic": """
        job jobs unemployment unemployed employment employers workers worker wage wages salary
        salaries income incomes poverty poor economy economic recession depression inflation gdp tax
        taxes taxed taxpayers taxation deficit deficits debt debts surplus surpluses budget budgets
        spending expenditures revenue revenues trade exports imports tariff tariffs nafta steel oil
        gas gasoline coal energy petroleum manufacturing factories factory plants mills farm farmers
        agriculture wheat grain surplusses subsidies subsidy premiums insurance insured uninsured
        medicare medicaid hospital hospitals health healthcare doctors drug drugs prescription
        prescriptions obamacare aids virus disease pension pensions welfare security bill bills
        legislation law laws amendment act treaty treaties agreement agreements sanctions embargo
        court courts ruling congress senate constitution commission committee pentagon defense
        defence military army troops soldiers forces weapons weapon missile missiles nuclear bomb
        bombs warheads submarines bombers nato war wars invasion terrorist terrorists terrorism
        hostages hostage embassy intelligence cia fbi immigrants immigrant immigration illegal
        illegally undocumented border borders refugees asylum visas deportation crime crimes
        criminal criminals murder murders homicide violence prison prisons police guns gun arrests
        students schools teachers education tuition college graduates graduate housing homes
        mortgage mortgages foreclosure foreclosures bank banks loans loan billionaires corporations
        corporation company companies firms contract contracts businesses industry industries
        product production output stockpile emissions pollution climate epa abortion abortions
        population households household families seniors veterans women minority minorities blacks
        hispanics election elections donors donations contributions lobbyists campaigns emails email
        mail server documents minister ministers ministry government union unions strike strikes
        civil parliament officials official survey poll polls study studies statistics data evidence
        scientists deaths death casualties victims vaccine vaccines embargoes aid iran iraq russia
        soviet soviets china cuba mexico vietnam korea afghanistan libya syria israel japan germany
        communist communists qaeda isis taliban nation nations countries gnp loophole loopholes
        entitlement entitlements vouchers voucher shutdown filibuster attorney prosecutors subpoena
        audit patients nurses kosovo bosnia haiti somalia saudi pakistan india ukraine poland berlin
        quemoy matsu taiwan hungary angola nicaragua contras salvador panama lebanon beirut grenada
        kuwait saddam hussein laden gorbachev khrushchev castro putin assad divisions brigades ships
        planes aircraft fighters satellites testing inspections inspectors centrifuges uranium
        enrichment acres toxic waste bankruptcy bankruptcies bankrupt bailout stimulus auto
        automobile automobiles automakers cars hmo hmos grants scholarships pregnancy mortality
        rifles bases base cia's embassies coup regime summit salt abm payroll rent prices price
        premium productivity rolls dam dams highways veterans' patents farms cattle beef corn
        soybeans fracking pipeline solar wind megawatts reactors power plant subsidized segregation
        integration voting ballot ballots lawsuit lawsuits lawyers lawyer investigation hearing
        hearings testimony accounting fraud scandal bribes tests scores classroom classrooms dropout
        literacy record amnesty jail incarceration caucuses primaries super pacs pac wealth
        regulations sanctuary arms brackets bracket earmarks pork credits deductions deduction
        rebate refund cocaine heroin narcotics furlough furloughs parole felons felony troop allies
        warsaw districts enrollment coverage elderly islam islamic muslims muslim palestinian
        palestinians hamas mosques jihad terror militia sequester sequestration mandate
        mandates regulation deregulation bureaucracy bureaucrats agency agencies navy fleet marines
        tanks carriers airports roads bridges infrastructure railroad electricity disability
        retirement exemptions minimum competitors contractors outsourcing overtime
        layoffs recidivism genocide dictator dictators rebels ceasefire occupation annexation
        assassination""",
    # Those whose deeds are at issue.
    "actor": """
        opponent administration president governor senator congressman secretary chairman mayor
        republican republicans democrat democrats he she they his their party ambassador judge
        judges justices trustees spokesman spokeswoman spokesperson auditors regulators plan plans
        program programs proposal proposals platform officeholder him her himself senators governors
        congressmen presidents""",
    "time": """
        since ago year years month months week decade decades century yesterday today last annually
        annual january february march april june july august september october november december now
        recently 'til until term""",
    "extent": """
        all every most majority only none nobody never ever single entire nearly almost
        approximately roughly less more no many another same both""",
    # The past: what has happened can be looked up.
    "past": """
        was were had did took gave came went made saw left kept held began brought sent stood fought
        led ran knew chose broke spoke put cut threw drove set didn't wasn't weren't hadn't been
        hasn't haven't taken given shown done written driven hit lay caught thought sought used""",
    # Reports, reasons and what is so now: said of others, it can be looked up as well.
    "says": "said says told called claims claimed argued argues",
    "present": """
        refuses gives takes gets employs produces provides allows requires receives includes
        creates contains represents calls imposes protects prohibits bans faces lives
        die dies kill kills""",
    "cause": "because caused causes",
    "has": "has",
    # Not yet true or false.
    "future": """
        will would should must ought shall won't wouldn't shouldn't mustn't i'll we'll you'll he'll
        she'll they'll it'll i'd we'd you'd he'd they'd gonna need needs tomorrow likely unlikely
        next""",
    "duty": "want",
    "ability": "can could may might cannot can't couldn't able willing",
    "conditional": "if unless whether otherwise suppose assuming",
    # A stance, not a state of affairs.
    "opinion": """
        think believe believes feel feels hope hopes wish favor favour prefer agree disagree suspect
        guess understand understands trust trusted proud glad happy sorry respect admire matter
        matters important fair unfair wrong good bad great greatest better best terrible horrible
        awful disgraceful disgrace outrageous wonderful tremendous disaster ridiculous shameful
        foolish dangerous reckless decent moral immoral unacceptable irresponsible extraordinary
        egregious cowardly cruel nice beautiful strong stronger weak simple simply clear obviously
        frankly honestly absolutely truly really deserve deserves appreciate interesting serious
        tired tough failed opinion view judgment judgement concerning concerned easy hard
        fundamental love hate stupid mess failure success unbelievable incredible perfect ashamed
        offended critical essential vital crucial legitimate sincere honest wise bold sad
        unfortunately hopefully certainly sure definitely basically fundamentally worried concern
        prepared determined convinced greater stake necessary proper sensible worth nonsense""",
    "value": """
        values leadership character freedom liberty dream strength vision future choice choices
        responsibility courage faith ideals principle principles spirit destiny challenge challenges
        opportunity opportunities peace honor integrity slogan issue issues problem problems
        priorities philosophy difference differences policy policies idea ideas approach leader
        leaders experience patience unity justice democracy prosperity promise commitment confidence
        soul heart hearts progress crisis threat threats enemy greatness obligation backbone""",
    "intense": "very huge big massive totally so too",
    "hedge": """
        maybe perhaps probably possibly seems seem seemed apparently somewhat somehow presumably
        supposedly arguably sometimes often generally usually""",
    "first_person": "i i'm i've me my mine myself",
    "we": "we we're we've us our ours ourselves let's",
    "second_person": "you you're you've your yours",
    # Facts of a private life: true or false, and no matter of public interest.
    "private": """
        born mother father mom dad wife husband son daughter sons daughters brother sister
        grandfather grandmother grandchildren married friends neighbor neighbors dinner lunch church
        boy girl kid watching talked met visited read heard sat dad's wife's tears story stories
        letter convention conventions wrote taught backstage scholarship served ranch movie""",
    # The machinery of a debate, an interview, a page.
    "stage": """
        thank thanks updated posted published question questions answer
        answers answered respond response
        rebuttal minute minutes seconds debate debates debating tonight evening audience applause
        moderator welcome ladies gentlemen statement statements closing topic candidates candidate
        goodnight hello excuse sir okay ok panel finish subscribe newsletter newsletters inbox click
        cookies privacy copyright reserved advertisement""",
    "directive": """
        let please look listen imagine wait ask consider enter remember visit choose select compare
        follow ensure""",
    "vague": """
        something somebody someone anything anyone anybody thing things stuff kind sort way ways
        everything everyone everybody lot lots talk talking talks say saying point here there
        what how that's it's this those these just""",
}
"""Words of each feature, separated by white space."""
