package org.ntk4j.chart;

import com.samskivert.mustache.Mustache;
import java.util.Map;

/** The templates of pages and pictures; whatever is filled in is escaped unless the template says that it is markup. */
final class Template {

    private Template() {
    }

    /** A template of this package, filled in. */
    static String render(String name, Map<String, ?> values) {
        return Mustache.compiler().escapeHTML(true).withLoader(part -> new java.io.StringReader(Resource.text(part + ".mustache")))
                .compile(Resource.text(name + ".mustache")).execute(values);
    }

    /** The title and the description of a picture. */
    static String svgWords(Map<String, String> words) {
        return render("words.svg", words);
    }
}
