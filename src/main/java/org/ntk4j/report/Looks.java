package org.ntk4j.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ntk4j.base.Failure;
import org.ntk4j.data.Dataset;
import org.ntk4j.data.Part;
import org.ntk4j.data.Sample;
import org.ntk4j.files.WholeFile;

/** The test examples on which NN_T and f_∞ differ most, for the report: images as PNG files of the run, sentences as they are. */
public final class Looks {

    private final Path folder;
    private final Set<String> written = new HashSet<>();
    private final Map<Object, String> prefixes = new HashMap<>();

    /**
     * For the cells of a run.
     *
     * @param folder of the run
     */
    public Looks(Path folder) {
        this.folder = folder;
    }

    /**
     * The rows of {@code report/looks.csv} of a cell: place in the test set, the picture's file, the sentence.
     *
     * @param examples their places in the test set
     */
    public List<List<Object>> of(List<Integer> examples, Dataset data, Sample sample) {
        List<List<Object>> rows = new ArrayList<>();
        // Cells on other data have other examples of the same number.
        String prefix = prefixes.computeIfAbsent(data.toMap(), d -> prefixes.isEmpty() ? "" : "data" + prefixes.size() + "-");
        List<String> texts = data.texts(Part.TEST, examples.stream().mapToInt(i -> sample.test().indices()[i]).toArray());
        for (int rank = 0; rank < examples.size(); rank++) {
            int example = examples.get(rank);
            String text = texts.isEmpty() ? "" : texts.get(rank);
            String file = "";
            if (text.isEmpty()) {
                String name = prefix + example + ".png";
                Optional<byte[]> png = ExamplePicture.png(sample.test().inputs(), example);
                if (png.isPresent()) {
                    file = "report/looks/" + name;
                    if (written.add(name)) {
                        write(file, png.get());
                    }
                } else {
                    text = ExamplePicture.words(sample.test().inputs(), example);
                }
            }
            rows.add(List.of(example, file, text));
        }
        return rows;
    }

    private void write(String name, byte[] png) {
        Path file = folder.resolve(name);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, png);
        } catch (IOException e) {
            throw Failure.run(file + ": cannot be written (" + WholeFile.reason(e) + ")", e);
        }
    }
}
