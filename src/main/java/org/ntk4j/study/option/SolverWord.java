package org.ntk4j.study.option;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.inference.Solver;

/** The solver of a regression as YAML has it: a word, or a map with one word and its options. */
final class SolverWord {

    private static final List<String> MAPS = List.of("conjugateGradient", "nystrom", "randomFeatures");
    private static final List<String> WORDS = Stream.concat(Stream.of("auto", "cholesky", "eigen"), MAPS.stream()).toList();

    private SolverWord() {
    }

    /** What stands under {@code solver}; {@code auto} where nothing does. */
    static Solver read(Options o) {
        return o.entry("solver").map(e -> read(e, o)).orElse(Solver.auto());
    }

    private static Solver read(Entry entry, Options o) {
        if (entry instanceof Entry.Mapping map) {
            Options inside = o.nested("solver");
            List<Solver> found = new ArrayList<>();
            MAPS.stream().filter(word -> inside.entry(word).isPresent()).forEach(word -> found.add(of(word, inside.nested(word))));
            inside.finish();
            if (map.fields().size() != 1) {
                o.mistake("solver", "one solver is needed, not " + map.fields().size() + "; allowed: " + String.join(", ", WORDS));
            }
            return found.isEmpty() ? Solver.auto() : found.get(0);
        }
        if (entry instanceof Entry.Scalar word && WORDS.contains(word.text())) {
            return of(word.text(), Options.of(new Entry.Scalar("", entry.place()), o.sub("solver." + word.text()), o.mistakes()));
        }
        o.mistake("solver", entry.describe() + " is not known"
                + Mistakes.suggestion(entry instanceof Entry.Scalar word ? word.text() : "", WORDS));
        return Solver.auto();
    }

    private static Solver of(String word, Options options) {
        Solver solver = switch (word) {
            case "cholesky" -> new Solver.Cholesky();
            case "eigen" -> new Solver.Eigen();
            case "conjugateGradient" -> new Solver.ConjugateGradient(options.real("residual", Solver.RESIDUAL, 1e-15, 0.5),
                    options.integer("rank", 0, 0, Integer.MAX_VALUE));
            case "nystrom" -> new Solver.Nystrom(options.requiredInteger("rank", 1, Integer.MAX_VALUE));
            case "randomFeatures" -> new Solver.RandomFeatures(options.requiredInteger("count", 1, Integer.MAX_VALUE));
            default -> Solver.auto();
        };
        options.finish();
        return solver;
    }
}
