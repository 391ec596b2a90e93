"""A small place book for tests: some fifty towns, three postcodes, typos by likeness."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from bot.domain.place import Place
from bot.domain.words import fold

_TOWNS = """
Leeds|53.8,-1.55|England|GB|455000
Leeds|33.55,-86.54|Alabama|US|12000
London|51.51,-0.13|England|GB|8900000
London|42.98,-81.25|Ontario|CA|383000
Anaheim|33.84,-117.91|California|US|346000
Brooklyn|40.65,-73.95|New York|US|2700000
Philadelphia|39.95,-75.17|Pennsylvania|US|1570000
Edmonton|53.55,-113.47|Alberta|CA|970000
Madrid|40.42,-3.70|Madrid|ES|3200000
Barcelona|41.39,2.17|Catalonia|ES|1600000
Valencia|39.47,-0.38|Valencia|ES|790000
Sevilla|37.39,-5.99|Andalusia|ES|680000
Springfield|39.80,-89.64|Illinois|US|114000
Springfield|37.21,-93.29|Missouri|US|169000
Springfield|42.10,-72.59|Massachusetts|US|155000
Mexico City|19.43,-99.13|Mexico City|MX|9200000
Ciudad de México|19.43,-99.13|Mexico City|MX|9200000
Guadalajara|20.67,-103.35|Jalisco|MX|1400000
Reading|51.46,-0.97|England|GB|318000
Reading|40.34,-75.93|Pennsylvania|US|95000
Nice|43.70,7.27|Provence|FR|342000
Bath|51.38,-2.36|England|GB|94000
Mobile|30.69,-88.04|Alabama|US|187000
Hope|33.67,-93.59|Arkansas|US|8900
Orange|33.79,-117.85|California|US|140000
Weed|41.42,-122.39|California|US|2900
Sober|46.90,2.10|Centre|FR|400
Speed|38.41,-85.76|Indiana|US|700
Manchester|53.48,-2.24|England|GB|550000
Bradford|53.79,-1.75|England|GB|540000
Dublin|53.35,-6.26|Leinster|IE|1020000
Sydney|-33.87,151.21|New South Wales|AU|4600000
Boston|42.36,-71.06|Massachusetts|US|650000
Los Angeles|34.05,-118.24|California|US|3900000
San Antonio|29.42,-98.49|Texas|US|1430000
New York|40.71,-74.01|New York|US|8400000
Buenos Aires|-34.61,-58.38|Buenos Aires|AR|3000000
Bogotá|4.71,-74.07|Bogotá|CO|7400000
Lima|-12.05,-77.04|Lima|PE|7700000
La Paz|-16.50,-68.15|La Paz|BO|760000
San José|9.93,-84.08|San José|CR|340000
Málaga|36.72,-4.42|Andalusia|ES|570000
Comer|34.06,-83.13|Georgia|US|1140
Real|41.36,-8.05|Braga|PT|11700
Maño|11.60,124.03|Samar|PH|2740
Lee|51.45,0.01|England|GB|14600
Cea|42.46,-5.00|Leon|ES|617
Winston-Salem|36.10,-80.24|North Carolina|US|249000
"""
_CODES = {"ls6": 0, "ls62as": 0, "92801": 4, "28001": 8, "m14": 28}
_REGIONS = {
    "ca": "California", "california": "California", "il": "Illinois", "illinois": "Illinois", "ma": "Massachusetts",
    "mo": "Missouri", "ontario": "Ontario", "pa": "Pennsylvania", "al": "Alabama", "uk": "GB", "england": "England",
    "usa": "US", "new york": "New York", "mexico": "MX", "nc": "North Carolina", "canada": "CA", "tx": "Texas",
    "massachusetts": "Massachusetts", "missouri": "Missouri", "spain": "ES", "espana": "ES", "australia": "AU",
    "georgia": "Georgia",
}  # fmt: skip
_SURE = 3  # times as large as the next of its name


class FakePlaces:
    """Exact names at once, one phrase with everything; counts how often it was asked."""

    def __init__(self) -> None:
        self.towns: list[Place] = []
        for line in _TOWNS.strip().splitlines():
            name, at, region, country, people = line.split("|")
            latitude, longitude = map(float, at.split(","))
            self.towns.append(Place(name, latitude, longitude, region, country, "", int(people)))
        self.asked: list[str] = []

    def _named(self, name: str) -> list[Place]:
        return sorted((town for town in self.towns if fold(town.name) == name), key=lambda town: -town.population)

    async def many(self, names: Sequence[str]) -> dict[str, list[Place]]:
        return {name: found for name in names if (found := self._named(name))}

    async def find(self, text: str, *, country: str = "") -> list[Place]:
        self.asked.append(text)
        folded = fold(text)
        if folded.replace(" ", "") in _CODES:
            return [self.towns[_CODES[folded.replace(" ", "")]]]
        for region, name in sorted(_REGIONS.items(), key=lambda pair: -len(pair[0])):
            if folded.endswith(f" {region}") and (found := self._named(folded.removesuffix(f" {region}"))):
                return [town for town in found if name in (town.region, town.country)]
        found = self._named(folded) or self._like(folded)
        local = [town for town in found if town.country == country]
        found = local or found
        if len(found) > 1 and found[0].population > _SURE * found[1].population:
            return found[:1]
        return found

    def _like(self, folded: str) -> list[Place]:
        if len(folded) < 4:
            return []
        names = {fold(town.name) for town in self.towns}
        best = process.extractOne(folded, names, scorer=OSA.distance, score_cutoff=1 if len(folded) < 8 else 2)
        return self._named(best[0]) if best else []
