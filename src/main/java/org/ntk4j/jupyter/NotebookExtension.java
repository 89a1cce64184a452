package org.ntk4j.jupyter;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.dflib.jjava.jupyter.Extension;
import org.dflib.jjava.jupyter.kernel.BaseKernel;
import org.dflib.jjava.jupyter.kernel.display.RenderContext;
import org.dflib.jjava.jupyter.kernel.display.Renderer;
import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
import org.ntk4j.Comparison;
import org.ntk4j.chart.Panel;
import org.ntk4j.inference.Fit;
import org.ntk4j.kernel.Kernel;
import org.ntk4j.panel.HtmlReport;
import org.ntk4j.shell.Prelude;

/**
 * What JJava, the Java kernel of Jupyter, calls as soon as this program is on its class path: from then on a notebook has the imports of
 * scripts, and a {@link Comparison}, a {@link Kernel}, a {@link Fit} or a {@link Panel} at the end of a cell is drawn.
 */
public final class NotebookExtension implements Extension {

    /** As wide as the output of a cell. */
    private static final int WIDTH = 860;

    @Override
    public void install(BaseKernel kernel) {
        // TensorFlow's Java interface numbers its operations by the locale, whose digits TensorFlow may not know.
        Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
        Renderer renderer = kernel.getRenderer();
        draw(renderer, Comparison.class, NotebookExtension::answer, Comparison::table);
        draw(renderer, Kernel.class, Kernel::panel, Kernel::toString);
        draw(renderer, Fit.class, Fit::panel, fit -> fit.panel().sentence());
        draw(renderer, Panel.class, Function.identity(), Panel::sentence);
        Prelude.ntk4j().imports().forEach(each -> kernel.evalRaw("import " + each + ";"));
    }

    private static Panel answer(Comparison comparison) {
        HtmlReport report = HtmlReport.of(List.of(comparison.folder()));
        return report.panel("answer");
    }

    private static <T> void draw(Renderer renderer, Class<T> type, Function<T, Panel> panel, Function<T, String> words) {
        renderer.createRegistration(type).preferring(MIMEType.IMAGE_SVG, MIMEType.TEXT_PLAIN).register((value, context) -> {
            picture(panel.apply(value), context);
            context.renderIfRequested(MIMEType.TEXT_PLAIN, () -> words.apply(value));
        });
    }

    /** A panel of words alone has no picture. */
    private static void picture(Panel panel, RenderContext context) {
        if (!panel.figures().isEmpty()) {
            context.renderIfRequested(MIMEType.IMAGE_SVG, () -> panel.svg(WIDTH));
        }
    }
}
