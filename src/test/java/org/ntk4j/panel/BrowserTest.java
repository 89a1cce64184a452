package org.ntk4j.panel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ntk4j.files.Npy;

/** The report in a real browser, from the disk: {@code ./mvnw -Pbrowser test -Dtest=BrowserTest}. */
class BrowserTest {

    private static final List<String> PLACES = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
            "/snap/bin/chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");
    private static final Path PICTURES = Path.of("target", "browser");

    @TempDir
    static Path folder;

    private static Playwright playwright;
    private static Browser browser;
    private static Path report;
    private static List<String> titles;

    @BeforeAll
    static void openABrowser() throws IOException {
        Optional<String> place = Stream.concat(Stream.ofNullable(System.getProperty("ntk.browser")), PLACES.stream())
                .filter(p -> Files.isExecutable(Path.of(p))).findFirst();
        assumeTrue(place.isPresent(), "there is no Chromium in any of " + PLACES + "; -Dntk.browser=PATH says where it is");
        writeAReport();
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright.chromium().launch(new BrowserType.LaunchOptions().setExecutablePath(Path.of(place.get()))
                .setArgs(List.of("--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync")));
        Files.createDirectories(PICTURES);
    }

    private static void writeAReport() throws IOException {
        Path run = folder.resolve("study").resolve("20260102-030405");
        RunFixture.write(run);
        double[] values = new double[36];
        for (int i = 0; i < 36; i++) {
            values[i] = i % 7 == 0 ? 3 : 1 + 0.02 * i;
        }
        StringBuilder table = new StringBuilder("run,seed,network.mlp.width,subject,step,file,examples,labels\r\n");
        for (String kernel : List.of("ntk.init", "ntk.trained", "ntk.infinite")) {
            Npy.write(run.resolve("report").resolve(kernel + ".npy"), values, 6, 6);
            for (int width : List.of(64, 256)) {
                table.append("r,0,").append(width).append(',').append(kernel).append(",0,report/").append(kernel)
                        .append(".npy,0 1 2 3 4 5,0 0 0 1 1 1\r\n");
            }
        }
        Files.writeString(run.resolve("report/thinned.csv"), table);
        HtmlReport made = HtmlReport.of(List.of(run));
        report = made.write(made.home());
        titles = HtmlReport.panels().stream().map(id -> made.panel(id).title()).toList();
    }

    @AfterAll
    static void close() {
        if (playwright != null) {
            playwright.close();
        }
    }

    /** The page with what went wrong on it: requests, errors. */
    private record Opened(BrowserContext context, Page page, List<String> trouble) implements AutoCloseable {
        @Override
        public void close() {
            context.close();
        }
    }

    private static Opened open(int width, ColorScheme colours, boolean scripts) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions().setViewportSize(width, 900).setColorScheme(colours)
                .setJavaScriptEnabled(scripts).setAcceptDownloads(true));
        Page page = context.newPage();
        List<String> trouble = new ArrayList<>();
        String address = report.toUri().toString();
        page.onRequest(request -> {
            if (!request.url().equals(address) && !request.url().startsWith("data:") && !request.url().startsWith("blob:")) {
                trouble.add("request: " + request.url());
            }
        });
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                trouble.add("console: " + message.text());
            }
        });
        page.onPageError(error -> trouble.add("error: " + error));
        page.navigate(address);
        return new Opened(context, page, trouble);
    }

    @ParameterizedTest
    @CsvSource({"360,LIGHT", "360,DARK", "1280,LIGHT", "1280,DARK", "2560,LIGHT", "2560,DARK"})
    void every_panel_is_drawn(int width, ColorScheme colours) {
        try (Opened opened = open(width, colours, true)) {
            Page page = opened.page();
            assertThat(page.locator("article:visible h2").allTextContents()).isEqualTo(titles);
            JsonArray charts = JsonParser.parseString((String) page.evaluate(
                    "JSON.stringify(Array.from(document.querySelectorAll('.chart')).filter(c => c.offsetParent).map(c => ({"
                    + "series: JSON.parse(c.nextElementSibling.textContent).series.length, drawn: Number(c.dataset.drawn), marks: "
                            + "c.querySelectorAll('svg path').length,"
                    + "texts: Array.from(c.querySelectorAll('svg text')).map(t => t.textContent).join(' '), titles: "
                            + "JSON.parse(c.nextElementSibling.textContent).title.map(t => t.text),"
                    + "width: c.querySelector('svg').getBoundingClientRect().width, room: c.clientWidth})))")).getAsJsonArray();
            assertThat(charts.size()).isEqualTo(7);
            for (JsonElement chart : charts) {
                assertThat(chart.getAsJsonObject().get("drawn").getAsInt()).as(chart.toString())
                        .isEqualTo(chart.getAsJsonObject().get("series").getAsInt());
                assertThat(chart.getAsJsonObject().get("marks").getAsInt()).isGreaterThan(10);
                assertThat(chart.getAsJsonObject().get("width").getAsDouble())
                        .isLessThanOrEqualTo(chart.getAsJsonObject().get("room").getAsDouble() + 1);
                for (JsonElement title : chart.getAsJsonObject().getAsJsonArray("titles")) {
                    String first = title.getAsString().split(" ")[0];
                    assertThat(chart.getAsJsonObject().get("texts").getAsString()).contains(first);
                }
            }
            assertThat((int) page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                    .as("nothing hangs over").isLessThanOrEqualTo(0);
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(PICTURES.resolve(width + "-" + colours.name().toLowerCase(java.util.Locale.ROOT) + ".png")).setFullPage(true));
            assertThat(opened.trouble()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"LIGHT", "DARK"})
    void readers_of_all_kinds_can_read_it(ColorScheme colours) throws IOException {
        try (Opened opened = open(1280, colours, true)) {
            Page page = opened.page();
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)");
            page.evaluate(resource("/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"));
            String found = (String) page.evaluate("axe.run(document).then(r => JSON.stringify(r.violations.filter(v => v.impact === "
                    + "'serious' || v.impact === 'critical')"
                    + ".map(v => v.id + ': ' + v.help + ' ' + v.nodes.map(n => n.html.slice(0, 200)).slice(0, 3).join(' | '))))");
            assertThat(found).isEqualTo("[]");
        }
    }

    @Test
    void another_cell_is_drawn_when_it_is_chosen() {
        try (Opened opened = open(1280, ColorScheme.LIGHT, true)) {
            Page page = opened.page();
            assertThat(page.locator("#training article:visible .of").textContent()).isEqualTo("width 64");
            page.selectOption("#cell", "1");
            assertThat(page.locator("#training article:visible .of").textContent()).isEqualTo("width 256");
            assertThat(page.locator("#training article:visible .chart svg path").count()).isGreaterThan(10);
            assertThat(opened.trouble()).isEmpty();
        }
    }

    @Test
    void everything_can_be_reached_by_keys() {
        try (Opened opened = open(1280, ColorScheme.LIGHT, true)) {
            Page page = opened.page();
            page.keyboard().press("Tab");
            assertThat((String) page.evaluate("document.activeElement.textContent")).isEqualTo("To the panels");
            List<String> reached = new ArrayList<>();
            for (int i = 0; i < 80; i++) {
                page.keyboard().press("Tab");
                reached.add(
                        (String) page.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent.slice(0, 30)"));
            }
            assertThat(reached).anyMatch(e -> e.startsWith("SELECT"))
                    .contains("BUTTON Save as SVG", "BUTTON Save as PNG", "SUMMARY The numbers as a table", "A Training");
            page.locator("#answer summary").focus();
            page.keyboard().press("Enter");
            assertThat(page.locator("#answer table").isVisible()).isTrue();
        }
    }

    @Test
    void curves_are_hidden_and_shown_by_keys() {
        try (Opened opened = open(1280, ColorScheme.LIGHT, true)) {
            Page page = opened.page();
            com.microsoft.playwright.Locator button = page.locator("#training article:visible .curves button").first();
            String lines = "document.querySelectorAll('#training article:not([hidden]) .chart svg path').length";
            int all = (int) page.evaluate(lines);
            button.focus();
            assertThat(button.isVisible()).isTrue();
            assertThat(button.getAttribute("aria-pressed")).isEqualTo("true");
            page.keyboard().press("Enter");
            assertThat(button.getAttribute("aria-pressed")).isEqualTo("false");
            assertThat((int) page.evaluate(lines)).as("a curve in each of four plots is gone").isLessThan(all);
            page.setViewportSize(900, 900);
            page.waitForTimeout(400);
            assertThat(button.getAttribute("aria-pressed")).as("also after it was drawn anew").isEqualTo("false");
            button.focus();
            page.keyboard().press(" ");
            assertThat(button.getAttribute("aria-pressed")).isEqualTo("true");
            assertThat(opened.trouble()).isEmpty();
        }
    }

    @Test
    void the_pointer_shows_values() {
        try (Opened opened = open(1280, ColorScheme.LIGHT, true)) {
            Page page = opened.page();
            page.locator("#kernels article:visible .heatmap image").first()
                    .hover(new com.microsoft.playwright.Locator.HoverOptions().setForce(true));
            assertThat(page.locator(".tip").textContent()).matches("[01], [01]: [0-9.]+");
            assertThat(opened.trouble()).isEmpty();
        }
    }

    @Test
    void pictures_can_be_saved() throws Exception {
        try (Opened opened = open(1280, ColorScheme.LIGHT, true)) {
            for (String panel : List.of("training", "kernels")) {
                Download svg = opened.page().waitForDownload(() -> opened.page()
                        .locator("#" + panel + " article:visible button[data-kind=svg]").first().click());
                assertThat(svg.suggestedFilename()).isEqualTo(panel + ".svg");
                String text = Files.readString(svg.path());
                javax.xml.parsers.DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(svg.path().toFile());
                assertThat(text).contains("<desc").contains(panel.equals("training") ? "training step" : "data:image/png");
                Download png = opened.page().waitForDownload(() -> opened.page()
                        .locator("#" + panel + " article:visible button[data-kind=png]").first().click());
                assertThat(Files.readAllBytes(png.path())).startsWith(new byte[] {(byte) 0x89, 'P', 'N', 'G'}).hasSizeGreaterThan(5000);
            }
            assertThat(opened.trouble()).isEmpty();
        }
    }

    @Test
    void prints_in_black_on_white() {
        try (Opened opened = open(1280, ColorScheme.DARK, true)) {
            Page page = opened.page();
            byte[] pdf = page.pdf(new Page.PdfOptions().setFormat("A4").setPath(PICTURES.resolve("print.pdf")));
            assertThat(pdf.length).isGreaterThan(30_000);
            page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))");
            assertThat(page.evaluate("getComputedStyle(document.body).backgroundColor")).isEqualTo("rgb(255, 255, 255)");
            assertThat((String) page.evaluate("document.querySelector('#training .chart svg').innerHTML")).contains("#1c1c1c")
                    .doesNotContain("#eaeaea");
            page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve("print.png")).setFullPage(true));
            assertThat(opened.trouble()).isEmpty();
        }
    }

    @Test
    void says_its_numbers_without_scripts() {
        try (Opened opened = open(1280, ColorScheme.LIGHT, false)) {
            assertThat(opened.page().locator("article h2").count()).isGreaterThan(8);
            opened.page().locator("#answer summary").click();
            assertThat(opened.page().locator("#answer table").innerText()).contains("RMSE to NN_T").contains("f_∞");
            assertThat(opened.trouble()).isEmpty();
        }
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = BrowserTest.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
