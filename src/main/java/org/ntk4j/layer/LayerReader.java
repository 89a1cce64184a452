package org.ntk4j.layer;

import java.util.List;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;

/** Reads the lists of layers inside a layer. The grammar, which knows all layers, passes itself to them as this. */
@FunctionalInterface
public interface LayerReader {

    /** A list of layers, which may be empty; mistakes are noted, not thrown. */
    Serial list(Entry entry, String path, Mistakes mistakes);

    /** The list of layers in an option, which must be there. */
    default Serial required(Options o, String key) {
        if (o.entry(key).isEmpty()) {
            o.mistakes().add(o.place(), o.path() + ": '" + key + "' is missing: a list of layers");
            return new Serial(List.of());
        }
        return list(o.entry(key).get(), o.sub(key), o.mistakes());
    }
}
