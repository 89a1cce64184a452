package org.ntk4j;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Derives classes of float32 from those of float64, so that one source says what both do. After a change of one of {@link #SOURCES}, run
 * {@code scripts/float32}; {@link SinglePrecisionTest} compares.
 */
final class SinglePrecision {

    private static final String ROOT = "java/org/ntk4j/";
    private static final String BOTH_WAYS = "rows/BothWays64";
    private static final String TILES = ROOT + "kernel/tiles/Float64Tiles";

    /** The sources, by their paths below those of the program. */
    static final List<String> SOURCES = List.of(ROOT + "rows/VectorRows64", ROOT + "rows/PlainRows64", ROOT + "rows/VectorSeries64",
            ROOT + "rows/PlainSeries64", ROOT + BOTH_WAYS, "java22/org/ntk4j/" + BOTH_WAYS,
            ROOT + "rows/WaySums64", ROOT + "rows/NamedSums64", ROOT + "chain/WayBack64", TILES);

    /** Numbers that are float64 in either precision, and are rounded where float32 begins. */
    private static final Pattern ROUNDED = Pattern.compile("\\bmap\\.(?:scale|bias|fromK|fromT|biasT)\\(\\)"
            + "|\\bf\\.(?:bend|least|most|flat)\\(\\)|\\bMath\\.sqrt\\(|(?<=by = )factor|(?<=least = )epsilon");

    /** What makes float64 of float32: the rest of a class goes without it. */
    private static final Pattern WIDER = Pattern.compile("(?s)    /\\*\\* Turns to rows of float32.*?\n    }\n\n"
            + "|    private static void widen.*?\n    }\n\n|    private static final VectorSpecies<Float> HALF[^\n]*\n"
            + "|import (java.nio.FloatBuffer|jdk.incubator.vector.(FloatVector|VectorOperators|VectorShape));\n");

    private static final String ARGUMENTS = "int at, float[] to, int toAt, int n) {\n";
    private static final String COPY = "        System.arraycopy(from, at, to, toAt, n);\n";
    private static final String EACH = "        for (int i = 0; i < n; i++) {\n            to[toAt + i] = %sfrom[at + i];\n        }\n";

    private SinglePrecision() {
    }

    /** Where a class has its source. */
    static Path file(String name) {
        return Path.of("src/main", name + ".java");
    }

    /** The name of the twin in float32. */
    static String twin(String name) {
        return name.replace("64", "32");
    }

    /** The twin's source. */
    static String derived(String name) throws IOException {
        String source = Files.readString(file(name));
        return name.equals(TILES) ? tiles(source) : rows(name.endsWith(BOTH_WAYS) ? WIDER.matcher(source).replaceAll("") : source);
    }

    /** Rows are arrays of either precision, numbers are rounded where they come in. */
    private static String rows(String source) {
        String text = source.replace("Double", "Float").replace("double", "float").replace("DOUBLE", "FLOAT").replace("64", "32")
                .replace("1.0)", "1f)").replace("float factor)", "double factor)").replace("float epsilon,", "double epsilon,")
                .replace("float[] numbers,", "double[] numbers,");
        String rounded = ROUNDED.matcher(text).replaceAll("(float) $0");
        return rounded.replace("put(float[] from, " + ARGUMENTS + COPY, "put(double[] from, " + ARGUMENTS + EACH.formatted("(float) "))
                .replace("get(float[] from, " + ARGUMENTS + COPY,
                        "get(float[] from, " + ARGUMENTS.replace("float[] to", "double[] to") + EACH.formatted(""));
    }

    /** Tiles are native memory of either precision, with BLAS and LAPACK's routines for it; arrays are of float64 in both. */
    private static String tiles(String source) {
        return source.replace("Double", "Float").replace("64", "32").replace("cblas_d", "cblas_s").replace("LAPACKE_d", "LAPACKE_s");
    }

    /** Writes the twins; to be run in the project's folder. */
    public static void main(String[] args) throws IOException {
        for (String name : SOURCES) {
            Files.writeString(file(twin(name)), derived(name));
        }
    }
}
