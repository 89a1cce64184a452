package org.ntk4j.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.ntk4j.files.Npy;

/**
 * Every recipe of the cookbook runs and draws its picture. {@code ./mvnw -q test -Dtest=CookbookTest -Dpages=write} draws the pictures of
 * the documentation anew.
 */
class CookbookTest {

    private static final Path PAGE = Path.of("src/site/markdown/cookbook.md");
    private static final Path PICTURES = Path.of("src/site/resources/cookbook");
    private static final Pattern RECIPE = Pattern.compile("(?ms)^```jsh\\n(.*?)^```");
    private static final Pattern PICTURE = Pattern.compile("Path\\.of\\(\"out/([a-z-]+\\.svg)\"\\)");
    private static final int MOST_LINES = 25;

    @TempDir
    Path folder;

    private static List<String> recipes() throws IOException {
        List<String> recipes = new ArrayList<>();
        Matcher matcher = RECIPE.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            recipes.add(matcher.group(1));
        }
        return recipes;
    }

    private static String picture(String recipe) {
        Matcher matcher = PICTURE.matcher(recipe);
        assertThat(matcher.find()).as(recipe).isTrue();
        return matcher.group(1);
    }

    @Test
    void has_ten_short_recipes_with_pictures() throws IOException {
        assertThat(recipes()).hasSize(10).allSatisfy(recipe -> assertThat(recipe.lines().count()).isLessThanOrEqualTo(MOST_LINES));
        String page = Files.readString(PAGE);
        for (String recipe : recipes()) {
            assertThat(page).contains("](cookbook/" + picture(recipe) + ")");
            assertThat(PICTURES.resolve(picture(recipe))).exists();
        }
    }

    @TestFactory
    Stream<DynamicTest> runs_the_quick_ones() throws IOException {
        return run(recipes().stream().filter(recipe -> !trains(recipe)));
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> runs_the_studies() throws IOException {
        return run(recipes().stream().filter(CookbookTest::trains));
    }

    private static boolean trains(String recipe) {
        return recipe.contains("maxSteps");
    }

    private Stream<DynamicTest> run(Stream<String> recipes) {
        return recipes.map(recipe -> DynamicTest.dynamicTest(picture(recipe), () -> {
            Path out = Files.createDirectories(folder.resolve("out"));
            // What the recipe about PyTorch finds there.
            Npy.write(out.resolve("w1.npy"), new double[] {1, 0.5, -1, 2, 0.1, 0.3}, 2, 3);
            Npy.write(out.resolve("w2.npy"), new double[] {1, -1, 0.5}, 3, 1);
            Path script = Files.writeString(folder.resolve("recipe.jsh"),
                    recipe.replace("\"out/", "\"" + out + "/").replace("Path.of(\"out\")", "Path.of(\"" + out + "\")"));
            Program.Result result = Program.ntk("run", script.toString(), "--out", out.toString());
            assertThat(result.status()).as(String.join("\n", result.err())).isZero();
            Path picture = out.resolve(picture(recipe));
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(picture.toFile());
            if ("write".equals(System.getProperty("pages"))) {
                Files.createDirectories(PICTURES);
                Files.copy(picture, PICTURES.resolve(picture(recipe)), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }));
    }
}
