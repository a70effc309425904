package io.headwater.local;

import io.headwater.contract.Json;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.Locale;
import java.util.MissingResourceException;
import java.util.Set;
import java.util.TimeZone;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One record of the reference data that every JDK has: ISO countries, currencies and languages,
/// the languages that it knows of each country, and the time zones. Ids are the same in each run,
/// so that loading twice changes nothing.
///
/// @param fields as the model of that name in the folder `demo` wants them
record DemoRecord(String model, String id, ObjectNode fields) {
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    private static final Pattern NO_LETTERS = Pattern.compile("[^a-z0-9]+");
    private static final Pattern PLACE = Pattern.compile("[A-Z][A-Za-z]+/[A-Za-z_/-]+");

    /// All of them, each after those that it refers to.
    static Stream<DemoRecord> all() {
        return Stream.of(
                        currencies(),
                        languages(),
                        countries(),
                        countryLanguages(),
                        standardTimes(),
                        timeZones())
                .flatMap(records -> records);
    }

    private static Stream<DemoRecord> currencies() {
        return Currency.getAvailableCurrencies().stream()
                .sorted(Comparator.comparing(Currency::getCurrencyCode))
                .map(currency -> {
                    ObjectNode fields =
                            json().put("name", currency.getDisplayName(Locale.ENGLISH))
                                    .put("symbol", currency.getSymbol(Locale.ENGLISH));
                    if (currency.getNumericCode() > 0) {
                        fields.put("numeric", currency.getNumericCodeAsString());
                    }
                    if (currency.getDefaultFractionDigits() >= 0) {
                        fields.put("digits", currency.getDefaultFractionDigits());
                    }
                    return new DemoRecord("currency", currency.getCurrencyCode(), fields);
                });
    }

    // Beyond the ISO list of two letters, the JDK knows languages by what is spoken somewhere.
    private static Stream<DemoRecord> languages() {
        return Stream.concat(
                        Arrays.stream(Locale.getISOLanguages()).map(Locale::of),
                        spoken().map(locale -> Locale.of(locale.getLanguage())))
                .distinct()
                .sorted(Comparator.comparing(Locale::getLanguage))
                .map(language -> {
                    ObjectNode fields =
                            json().put("name", language.getDisplayLanguage(Locale.ENGLISH));
                    String ownName = language.getDisplayLanguage(language);
                    if (!ownName.equals(language.getLanguage())) {
                        fields.put("ownName", ownName);
                    }
                    String iso3 = iso3(language);
                    if (iso3 != null) {
                        fields.put("iso3", iso3);
                    }
                    return new DemoRecord("language", language.getLanguage(), fields);
                });
    }

    private static @Nullable String iso3(Locale language) {
        try {
            return language.getISO3Language();
        } catch (MissingResourceException none) {
            return null;
        }
    }

    private static Stream<DemoRecord> countries() {
        return COUNTRIES.stream()
                .sorted()
                .map(code -> {
                    Locale country = Locale.of("", code);
                    ObjectNode fields =
                            json().put("name", country.getDisplayCountry(Locale.ENGLISH))
                                    .put("iso3", country.getISO3Country());
                    Currency currency = Currency.getInstance(country);
                    if (currency != null) {
                        fields.put("currency", currency.getCurrencyCode());
                    }
                    return new DemoRecord("country", code, fields);
                });
    }

    private static Stream<DemoRecord> countryLanguages() {
        return spoken().map(locale ->
                new DemoRecord(
                        "country_language",
                        locale.getCountry() + "." + locale.getLanguage(),
                        json().put("country", locale.getCountry())
                                .put("language", locale.getLanguage())
                                .put("countryName", locale.getDisplayCountry(locale))));
    }

    /// A language in a country, without script and variant.
    private static Stream<Locale> spoken() {
        return Arrays.stream(Locale.getAvailableLocales())
                .filter(locale ->
                        COUNTRIES.contains(locale.getCountry()) && !locale.getLanguage().isEmpty())
                .map(locale -> Locale.of(locale.getLanguage(), locale.getCountry()))
                .distinct()
                .sorted(
                        Comparator.comparing(Locale::getCountry)
                                .thenComparing(Locale::getLanguage));
    }

    private static Stream<DemoRecord> standardTimes() {
        return places().map(DemoRecord::standardTime)
                .distinct()
                .sorted()
                .map(name -> new DemoRecord("standard_time", idOf(name), json().put("name", name)));
    }

    private static Stream<DemoRecord> timeZones() {
        return places().map(zone -> {
            ZoneRules rules = ZoneId.of(zone).getRules();
            var offset = rules.getStandardOffset(Instant.now());
            return new DemoRecord(
                    "time_zone",
                    zone.replace('/', '.'),
                    json().put("zone", zone)
                            .put("standardTime", idOf(standardTime(zone)))
                            .put(
                                    "offset",
                                    offset.getTotalSeconds() == 0 ? "+00:00" : offset.getId())
                            .put("offsetSeconds", offset.getTotalSeconds())
                            .put("daylightSaving", rules.nextTransition(Instant.now()) != null));
        });
    }

    private static Stream<String> places() {
        return ZoneId.getAvailableZoneIds().stream()
                .filter(zone -> PLACE.matcher(zone).matches() && !zone.startsWith("Etc/"))
                .sorted();
    }

    private static String standardTime(String zone) {
        return TimeZone.getTimeZone(zone).getDisplayName(false, TimeZone.LONG, Locale.ENGLISH);
    }

    private static String idOf(String name) {
        return NO_LETTERS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    }

    private static ObjectNode json() {
        return Json.mapper().createObjectNode();
    }
}
