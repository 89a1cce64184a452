package org.ntk4j.study;

import java.util.List;
import org.ntk4j.grammar.Entry;
import org.ntk4j.grammar.Mistakes;
import org.ntk4j.grammar.Options;
import org.ntk4j.inference.Solver;

/** The solver of a regression as YAML has it: a word, or a map with one word and its options. */
final class SolverWord {

    private static final List<String> WORDS = List.of("auto", "cholesky", "eigen", "conjugateGradient", "nystrom", "randomFeatures");

    private SolverWord() {
    }

    /** What stands under {@code solver}; {@code auto} where nothing does. */
    static Solver read(Options o) {
        return o.entry("solver").map(e -> read(e, o)).orElse(Solver.auto());
    }

    private static Solver read(Entry entry, Options o) {
        if (entry instanceof Entry.Scalar word) {
            return of(word.text(), Options.of(new Entry.Scalar("", entry.place()), o.sub("solver." + word.text()), o.mistakes()), entry, o);
        }
        if (entry instanceof Entry.Mapping map && map.fields().size() == 1) {
            String word = map.fields().keySet().iterator().next();
            return of(word, Options.of(map.fields().get(word).value(), o.sub("solver." + word), o.mistakes()), entry, o);
        }
        o.mistakes().add(entry.place(), o.sub("solver") + ": " + entry.describe() + " is not known; allowed: " + String.join(", ", WORDS));
        return Solver.auto();
    }

    private static Solver of(String word, Options options, Entry entry, Options o) {
        Solver solver = switch (word) {
            case "auto" -> new Solver.Auto();
            case "cholesky" -> new Solver.Cholesky();
            case "eigen" -> new Solver.Eigen();
            case "conjugateGradient" -> new Solver.ConjugateGradient(options.real("residual", Solver.RESIDUAL, 1e-15, 0.5), options.integer("rank", 0, 0, Integer.MAX_VALUE));
            case "nystrom" -> new Solver.Nystrom(options.requiredInteger("rank", 1, Integer.MAX_VALUE));
            case "randomFeatures" -> new Solver.RandomFeatures(options.requiredInteger("count", 1, Integer.MAX_VALUE));
            default -> {
                o.mistakes().add(entry.place(), o.sub("solver") + ": '" + word + "' is not known" + Mistakes.suggestion(word, WORDS));
                yield Solver.auto();
            }
        };
        if (WORDS.contains(word)) {
            options.finish();
        }
        return solver;
    }
}
