"""What every PassageIndex promises: a suite for each adapter to inherit, giving it an empty `index`."""

from datetime import timedelta

import pytest

from mainstem.index.passage_index import Count, Found, PassageIndex, Size
from mainstem.index.query import Field, Filter, Phrase, PropertyFilter, Query, Reach, Sign, Word
from mainstem.wiki.properties import PageProperty, PropertyType
from tests.index.entries import NOW, entry


def words(text: str, reach: Reach = Reach.ALL_WORDS) -> Query:
    return Query(required=tuple(Word(word) for word in text.split()), reach=reach)


def unfinished(word: str) -> Query:
    return Query(required=(Word(word, beginning=True),))


def only(field: Field, *values: str, excluded: bool = False) -> Query:
    return Query(filters=(Filter(field, frozenset(values), excluded),))


def having(name: str, sign: str, *values: str, excluded: bool = False) -> PropertyFilter:
    return PropertyFilter(name, Sign(sign), frozenset(values), excluded)


def ids(found: Found) -> list[int]:
    return [hit.document_id for hit in found.hits]


class PassageIndexContract:
    """Promises of words."""

    @pytest.fixture
    def index(self) -> PassageIndex:
        raise NotImplementedError

    def test_an_empty_index_is_at_position_0_and_finds_nothing(self, index: PassageIndex) -> None:
        assert index.position == 0
        assert index.count() == Size(0, 0)
        assert index.find(words("anything"), chains=None) == Found()

    def test_a_document_has_all_words_wherever_they_stand_in_it(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "restart the broker", title="Queues"), entry(1, "then wait", ordinal=1)])
        assert ids(index.find(words("queues broker wait"), chains=None)) == [1]
        assert ids(index.find(words("queues broker sleep"), chains=None)) == []

    def test_the_passage_of_a_hit_is_the_one_that_says_it(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "about tea"), entry(1, "coffee is roasted", ordinal=1), entry(1, "", ordinal=2)])
        assert [hit.ordinal for hit in index.find(words("roasting"), chains=None).hits] == [1]
        assert [hit.ordinal for hit in index.find(unfinished("roa"), chains=None).hits] == [1]
        assert [hit.ordinal for hit in index.find(words("raosted", Reach.SIMILAR_WORDS), chains=None).hits] == [1]

    def test_a_hit_by_title_shows_the_first_passage(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "one", title="Holidays"), entry(1, "two", title="Holidays", ordinal=1)])
        assert [hit.ordinal for hit in index.find(words("holidays"), chains=None).hits] == [0]

    def test_grammatical_forms_and_accents_do_not_matter(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "Deploying to the Zürich région")])
        for text in ("deploys", "DEPLOYED", "zurich", "Region"):
            assert ids(index.find(words(text), chains=None)) == [1], text

    def test_titles_rank_above_texts_and_each_document_comes_once(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "backup backup"), entry(1, "a backup", ordinal=1), entry(2, "x", title="Backup")])
        found = index.find(words("backup"), chains=None)
        assert ids(found) == [2, 1]
        assert found.hits[0].score > found.hits[1].score

    def test_words_rank_above_beginnings_and_these_above_similar_words(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "the cluster"), entry(2, "a clusterfoo plan"), entry(3, "one clustr here")])
        query = Query(required=(Word("cluster", beginning=True),), reach=Reach.SIMILAR_WORDS)
        assert ids(index.find(query, chains=None)) == [1, 2, 3]

    @pytest.mark.parametrize(
        ("typed", "there"), [("wordz", "wordy"), ("kubernetse", "kubernetes"), ("cofee", "coffee")]
    )
    def test_typing_mistakes_are_forgiven_when_asked_to(self, index: PassageIndex, typed: str, there: str) -> None:
        index.apply(1, add=[entry(1, there)])
        assert ids(index.find(words(typed, Reach.SIMILAR_WORDS), chains=None)) == [1]
        assert ids(index.find(words(typed), chains=None)) == []

    @pytest.mark.parametrize(("typed", "there"), [("cat", "cut"), ("2025", "2026"), ("words", "swards")])
    def test_short_words_and_numbers_are_taken_literally(self, index: PassageIndex, typed: str, there: str) -> None:
        index.apply(1, add=[entry(1, there)])
        assert ids(index.find(words(typed, Reach.SIMILAR_WORDS), chains=None)) == []

    def test_any_word_is_enough_when_asked_to_and_more_are_better(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "green tea"), entry(2, "green black tea leaves"), entry(3, "water")])
        assert ids(index.find(words("black tea leaves", Reach.ANY_WORD), chains=None)) == [2, 1]

    def test_a_phrase_stands_in_one_place_in_this_order(self, index: PassageIndex) -> None:
        index.apply(
            1, add=[entry(1, "on call rota"), entry(2, "call on me"), entry(3, "on"), entry(3, "call", ordinal=1)]
        )
        assert ids(index.find(Query(required=(Phrase("on call"),)), chains=None)) == [1]

    @pytest.mark.parametrize(
        "typed", ["getUserById", "get_user_by_id", "get-user-by-id", "user", "getuserbyid", "users", "UserById"]
    )
    def test_an_identifier_is_found_by_its_parts_and_spellings(self, index: PassageIndex, typed: str) -> None:
        index.apply(1, add=[entry(1, "call getUserById(7) twice")])
        assert ids(index.find(words(typed), chains=None)) == [1]

    @pytest.mark.parametrize("typed", ["acme", "acme.billing.TaxRule", "taxrule", "Rule", "billing.TaxRule"])
    def test_a_dotted_name_is_found_by_its_parts(self, index: PassageIndex, typed: str) -> None:
        index.apply(1, add=[entry(1, "see com.acme.billing.TaxRule.")])
        assert ids(index.find(words(typed), chains=None)) == [1]

    def test_symbols_that_make_a_name_are_kept(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "written in C++"), entry(2, "written in C#"), entry(3, "written in C")])
        assert ids(index.find(words("c++"), chains=None)) == [1]
        assert ids(index.find(words("C#"), chains=None)) == [2]

    @pytest.mark.parametrize("typed", ["東京", "京都", "東京都", "都", "庁"])
    def test_unspaced_scripts_are_found_by_any_stretch(self, index: PassageIndex, typed: str) -> None:
        index.apply(1, add=[entry(1, "本社は東京都庁の隣です"), entry(2, "大阪支社")])
        assert ids(index.find(words(typed), chains=None)) == [1]

    def test_signs_that_do_not_stand_together_are_not_found(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "部署手册"), entry(2, "手动部署")])
        assert ids(index.find(words("部手"), chains=None)) == []
        assert sorted(ids(index.find(words("部署"), chains=None))) == [1, 2]

    def test_an_excluded_word_excludes_the_whole_document(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "release plan"), entry(1, "a draft", ordinal=1), entry(2, "release notes")])
        query = Query(required=(Word("release"),), excluded=(Word("draft"),))
        assert ids(index.find(query, chains=None)) == [2]

    @pytest.mark.parametrize("text", ["chain_id:2", "chain:2", "document:2", "* OR 1", "position:1", '") OR *'])
    def test_no_text_addresses_a_field(self, index: PassageIndex, text: str) -> None:
        index.apply(1, add=[entry(1, "plain", chain=1), entry(2, "hidden", chain=2)])
        assert index.find(Query(required=(Word(text),)), chains=[1]).total == 0
        assert index.find(Query(required=(Phrase(text),), reach=Reach.ANY_WORD), chains=[1]).total == 0

    def test_a_query_without_letters_finds_nothing_but_one_without_words_everything(self, index: PassageIndex) -> None:
        older = entry(1, "a", updated=NOW - timedelta(days=1))
        index.apply(1, add=[older, entry(2, "b"), entry(3, "c", updated=None)])
        assert index.find(words("... !"), chains=None).total == 0
        assert ids(index.find(Query(), chains=None)) == [2, 1, 3]
        assert ids(index.find(words("b ..."), chains=None)) == [2]


class PassageIndexFilterContract:
    """Promises of audiences, filters, counts and following the store."""

    @pytest.fixture
    def index(self) -> PassageIndex:
        raise NotImplementedError

    def test_values_filter_whatever_their_case(self, index: PassageIndex) -> None:
        index.apply(
            1, add=[entry(1, space="ENG", labels=("how-to", "x"), author="Ana María López"), entry(2, space="~ENG")]
        )
        assert ids(index.find(only(Field.SPACE, "eng"), chains=None)) == [1]
        assert ids(index.find(only(Field.SPACE, "ENG", excluded=True), chains=None)) == [2]
        assert ids(index.find(only(Field.LABEL, "nope", "How-To"), chains=None)) == [1]
        assert ids(index.find(only(Field.AUTHOR, "maria"), chains=None)) == [1]
        assert ids(index.find(only(Field.AUTHOR, "ana maria lopez"), chains=None)) == [1]
        assert ids(index.find(only(Field.SOURCE, "acme WIKI", "other"), chains=None)) in ([1, 2], [2, 1])

    def test_properties_are_compared_as_what_they_are(self, index: PassageIndex) -> None:
        one = (
            PageProperty("Owner", "", PropertyType.PERSON, ("Mara Lindt", "Ben Ode")),
            PageProperty("Due  date", "", PropertyType.DATE, ("31 May 2026",)),
            PageProperty("Cost", "", PropertyType.NUMBER, ("€ 1,200.00",)),
        )
        two = (
            PageProperty("cost", "", PropertyType.NUMBER, ("-3.5",)),
            PageProperty("Owner", "", parts=("Mara Lindt",)),
        )
        index.apply(1, add=[entry(1, properties=one), entry(2, properties=two), entry(3)])

        def found(*wanted: PropertyFilter) -> list[int]:
            return sorted(ids(index.find(Query(properties=wanted), chains=[1])))

        assert found(having("OWNER", "=", "mara lindt")) == [1, 2]
        assert found(having("owner", "=", "mara")) == [1]
        assert found(having("owner", "=", "mara", excluded=True)) == [2, 3]
        assert found(having("owner", "=", "nobody", "Ben Ode")) == [1]
        assert found(having("due date", ">", "2026-01-01")) == [1]
        assert found(having("due date", ">", "2026-05-31")) == []
        assert found(having("due date", ">=", "2026-05-31"), having("cost", "=", "1200")) == [1]
        assert found(having("cost", "<=", "100")) == [2]
        assert found(having("cost", "<", "5000")) == [1, 2]
        assert found(having("cost", ">", "dear")) == found(having("owner", "<", "5")) == []
        assert sorted(ids(index.find(only(Field.PROPERTY, "cost"), chains=[1]))) == [1, 2]

    def test_properties_and_their_values_are_counted_within_the_audience_alone(self, index: PassageIndex) -> None:
        mine = [
            entry(number, properties=(PageProperty("Status", "", parts=(value,)),))
            for number, value in enumerate(("Done", "done", "done", "Open"), start=1)
        ]
        secret = (PageProperty("Merger", "", parts=("Rival",)), PageProperty("status", "", parts=("Secret",)))
        index.apply(1, add=[*mine, entry(5, chain=2, properties=secret)])
        found = index.find(Query(), chains=[1])
        assert (found.facets[Field.PROPERTY], found.values) == ((Count("Status", 4),), {})
        asked = index.find(only(Field.PROPERTY, "status"), chains=[1])
        assert (asked.total, asked.values) == (4, {"status": (Count("done", 3), Count("Open", 1))})
        narrowed = index.find(Query(properties=(having("STATUS", "=", "DONE"),)), chains=[1], limit=1)
        assert (narrowed.total, narrowed.values) == (3, {"STATUS": (Count("done", 3),)})
        for wanted in (having("Merger", "=", "Rival"), having("status", "=", "Secret")):
            assert index.find(Query(properties=(wanted,)), chains=[1]) == Found()

    def test_times_include_their_start_and_not_their_end(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1), entry(2, updated=None)])
        assert ids(index.find(Query(since=NOW), chains=None)) == [1]
        assert ids(index.find(Query(before=NOW), chains=None)) == []
        assert ids(index.find(Query(before=NOW + timedelta(seconds=1)), chains=None)) == [1]
        assert ids(index.find(Query(since=NOW + timedelta(milliseconds=1)), chains=None)) == []

    def test_documents_are_named_by_their_numbers_and_only_who_may_see_them_finds_them(
        self, index: PassageIndex
    ) -> None:
        index.apply(1, add=[entry(1, "tea"), entry(2, "tea", chain=2), entry(3, "tea")])
        tea = Query((Word("tea"),), documents=frozenset({2, 3, 9}))
        assert ids(index.find(tea, chains=None)) == [2, 3]
        assert ids(index.find(tea, chains=[1])) == [3]
        assert ids(index.find(Query(documents=frozenset({1})), chains=None)) == [1]
        assert index.find(Query((Word("tea"),), documents=frozenset({9})), chains=None) == Found()

    def test_an_outsider_learns_nothing(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "secret merger", title="Merger", labels=("board",), chain=7)])
        for chains in ([], [1, 2, 3]):
            for reach in Reach:
                assert index.find(words("merger", reach), chains=chains) == Found()
            assert index.find(Query(), chains=chains) == Found()
            assert index.suggest("mer", chains=chains) == ()

    def test_counts_and_facets_are_exact_within_the_audience(self, index: PassageIndex) -> None:
        mine = [entry(1, "tea", labels=("a", "b")), entry(1, "tea", ordinal=1, labels=("a", "b")), entry(2, "tea")]
        index.apply(1, add=[*mine, entry(3, "tea", chain=2, labels=("a",), space="HR", author="Eve")])
        found = index.find(words("tea"), chains=[1], limit=1)
        assert (found.total, len(found.hits)) == (2, 1)
        assert found.facets[Field.SPACE] == (Count("ENG", 2),)
        assert found.facets[Field.LABEL] == (Count("a", 1), Count("b", 1))
        assert found.facets[Field.AUTHOR] == ()

    def test_documents_left_out_leave_every_number(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "tea time"), entry(2, "tea", labels=("gone",))])
        found = index.find(words("tea"), chains=[1], without=[2])
        assert (found.total, ids(found), found.facets[Field.LABEL]) == (1, [1], ())
        assert index.suggest("te", chains=None, without=[1, 2]) == ()

    def test_pages_of_hits_neither_repeat_nor_miss(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(number, "tea " * number) for number in range(1, 31)])
        pages = [index.find(words("tea"), chains=[1], limit=7, offset=offset) for offset in range(0, 42, 7)]
        assert sorted(one for page in pages for one in ids(page)) == list(range(1, 31))
        assert {page.total for page in pages} == {30}
        scores = [hit.score for page in pages for hit in page.hits]
        assert scores == sorted(scores, reverse=True)

    def test_no_hits_are_asked_for_but_the_total_is_told(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "tea")])
        assert index.find(words("tea"), chains=None, limit=0, facets=False) == Found(total=1)

    def test_suggestions_are_the_most_frequent_words_first(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "deploy Déployeur"), entry(2, "deploy"), entry(3, "deposit", chain=2)])
        assert index.suggest("Dep", chains=[1]) == ("deploy", "deployeur")
        assert index.suggest("dep", chains=None, limit=1) == ("deploy",)
        assert index.suggest("...", chains=None) == ()

    def test_a_document_that_comes_again_replaces_itself(self, index: PassageIndex) -> None:
        index.apply(1, add=[entry(1, "old"), entry(1, "older", ordinal=1), entry(2, "other")])
        index.apply(2, add=[entry(1, "new", chain=5)])
        assert index.count() == Size(documents=2, passages=2)
        assert (index.find(words("old"), chains=None).total, index.find(words("new"), chains=[1]).total) == (0, 0)
        assert ids(index.find(words("new"), chains=[5])) == [1]

    def test_a_removed_document_is_gone_and_the_position_moves_with_it(self, index: PassageIndex) -> None:
        index.apply(3, add=[entry(1, "tea"), entry(2, "tea")])
        index.apply(9, remove=[1, 77])
        assert index.position == 9
        assert ids(index.find(words("tea"), chains=None)) == [2]

    def test_clearing_forgets_everything(self, index: PassageIndex) -> None:
        index.apply(3, add=[entry(1, "tea")])
        index.clear()
        assert (index.position, index.count(), index.find(Query(), chains=None).total) == (0, Size(0, 0), 0)
