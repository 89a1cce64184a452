package org.ntk4j.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ntk4j.data.Dataset;
import org.ntk4j.data.Part;
import org.ntk4j.data.Sample;

/** How the test examples look on which NN_T and f_∞ differ most: pictures as PNG files of the run, sentences as they are. */
final class Looks {

    private final KernelStore store;
    private final Set<String> written = new HashSet<>();
    private final Map<Object, String> prefixes = new HashMap<>();

    Looks(KernelStore store) {
        this.store = store;
    }

    /** The rows of {@code looks.csv} of a cell: place in the test set, the picture's file, the sentence. */
    List<List<Object>> of(CellResult cell, Dataset data, Sample sample) {
        List<List<Object>> rows = new ArrayList<>();
        // Cells on other data have other examples of the same number.
        String prefix = prefixes.computeIfAbsent(data.toMap(), d -> prefixes.isEmpty() ? "" : "data" + prefixes.size() + "-");
        List<Integer> examples = Differences.examples(List.of(cell));
        List<String> texts = data.texts(Part.TEST, examples.stream().mapToInt(i -> sample.test().indices()[i]).toArray());
        for (int rank = 0; rank < examples.size(); rank++) {
            int example = examples.get(rank);
            String text = texts.isEmpty() ? "" : texts.get(rank);
            String file = "";
            if (text.isEmpty()) {
                String name = prefix + example + ".png";
                byte[] png = ExamplePicture.png(sample.test().inputs(), example).orElse(null);
                if (png != null) {
                    file = "report/looks/" + name;
                    if (written.add(name)) {
                        store.picture(name, png);
                    }
                } else {
                    text = ExamplePicture.words(sample.test().inputs(), example);
                }
            }
            rows.add(List.of(example, file, text));
        }
        return rows;
    }
}
