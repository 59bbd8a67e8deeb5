package dev.transvase.distribution.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.ElementClickInterceptedException;
import org.openqa.selenium.Keys;
import org.openqa.selenium.NoSuchElementException;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A headless Chromium and somebody who uses it: presses what has a name, types where there is a label, and reads. Needs {@code chromium}
 * or {@code google-chrome}, and {@code chromedriver}, on the PATH; without them a test is left out, or fails where {@code TRANSVASE_TEST_BROWSER} is {@code
 * required}.
 */
final class TestingBrowser implements AutoCloseable {

    /** Only a page that hangs reaches it. */
    private static final Duration PATIENCE = Duration.ofSeconds(Long.getLong("transvase.test.patience", 120));

    private static final String AXE = "/axe.min.js";
    /** The browser notes every such answer: 502 is that a data source does not answer as it should. */
    private static final Pattern REFUSED =
            Pattern.compile("Failed to load resource: the server responded with a status of (4\\d\\d|502)");

    private static final List<String> GRAVE = List.of("serious", "critical");

    private final ChromeDriver driver;
    private final WebDriverWait patience;

    private TestingBrowser(ChromeDriver driver) {
        this.driver = driver;
        this.patience = new WebDriverWait(driver, PATIENCE);
        patience.ignoring(StaleElementReferenceException.class, ElementClickInterceptedException.class);
        patience.ignoring(NoSuchElementException.class);
    }

    /** Opens one, or leaves the test out where there is none. */
    static TestingBrowser open() {
        Optional<Path> chromium = onPath("chromium").or(() -> onPath("google-chrome"));
        Optional<Path> driver = onPath("chromedriver");
        boolean there = chromium.isPresent() && driver.isPresent();
        if ("required".equals(System.getenv("TRANSVASE_TEST_BROWSER"))) {
            assertThat(there).as("chromium and chromedriver are on the PATH").isTrue();
        }
        Assumptions.assumeTrue(there, "left out: chromium and chromedriver are not on the PATH");
        LoggingPreferences logging = new LoggingPreferences();
        logging.enable(LogType.BROWSER, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.orElseThrow().toFile());
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1000", "--lang=en");
        options.setCapability("goog:loggingPrefs", logging);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(driver.orElseThrow().toFile())
                .usingAnyFreePort()
                .build();
        return new TestingBrowser(new ChromeDriver(service, options));
    }

    private static Optional<Path> onPath(String program) {
        return Stream.of(System.getenv("PATH").split(":", -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    TestingBrowser visit(String address) {
        driver.get(address);
        return this;
    }

    /** Leaves the page, and forgets what it has complained of. */
    void leave() {
        driver.get("about:blank");
        driver.manage().logs().get(LogType.BROWSER);
    }

    TestingBrowser reload() {
        driver.navigate().refresh();
        return this;
    }

    String address() {
        return driver.getCurrentUrl();
    }

    /** Presses the button, link or tab that has this name. */
    TestingBrowser press(String name) {
        String is = "normalize-space(.)=" + quoted(name) + " or @aria-label=" + quoted(name);
        return click(By.xpath(open("*[self::button or self::a or self::summary][" + is + "]")));
    }

    /** Presses the first button, link or tab whose name begins so. */
    TestingBrowser pressFirst(String beginning) {
        return click(By.xpath(open("*[self::button or self::a or self::summary][starts-with(normalize-space(.),"
                + quoted(beginning) + ")]")));
    }

    /** In the dialog that is open, if there is one. */
    private String open(String element) {
        boolean dialog = !driver.findElements(By.xpath("//dialog[@open]")).isEmpty();
        return (dialog ? "//dialog[@open]//" : "//") + element;
    }

    private TestingBrowser click(By what) {
        patience.withMessage(() -> "there is nothing to press at " + what + " in:\n" + text())
                .until(ignored -> {
                    WebElement found = shown(what);
                    if (!found.isEnabled()) {
                        return null;
                    }
                    found.click();
                    return found;
                });
        return this;
    }

    private WebElement shown(By what) {
        return driver.findElements(what).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException(what.toString()));
    }

    /** The input of the parameter that has this path. */
    private static By parameter(String path) {
        return By.xpath("//*[@data-path=" + quoted(path) + "]//*[self::input or self::select or self::textarea]"
                + "[starts-with(@id,'field-')]");
    }

    /** The input that has this label. */
    private By labelled(String label) {
        String input = "*[self::input or self::select or self::textarea]";
        return By.xpath(open(input + "[@aria-label=" + quoted(label)
                + " or ancestor::label[starts-with(normalize-space(.)," + quoted(label)
                + ")] or @id=//label[starts-with(normalize-space(.)," + quoted(label) + ")]/@for]"));
    }

    TestingBrowser type(String label, String text) {
        return type(labelled(label), text);
    }

    TestingBrowser typeParameter(String path, String text) {
        return type(parameter(path), text);
    }

    private TestingBrowser type(By input, String text) {
        patience.until(ignored -> {
            WebElement found = shown(input);
            found.sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
            found.sendKeys(text);
            return found;
        });
        return this;
    }

    TestingBrowser choose(String label, String option) {
        return choose(labelled(label), option);
    }

    TestingBrowser chooseParameter(String path, String option) {
        return choose(parameter(path), option);
    }

    private TestingBrowser choose(By select, String option) {
        patience.until(ignored -> {
            new Select(shown(select)).selectByValue(option);
            return true;
        });
        return this;
    }

    TestingBrowser tick(String label) {
        return click(labelled(label));
    }

    /** Types into the script at its very beginning. */
    TestingBrowser typeOnTopOfScript(String text) {
        click(By.cssSelector(".CodeMirror-line"));
        WebElement input = driver.switchTo().activeElement();
        input.sendKeys(Keys.chord(Keys.CONTROL, Keys.HOME));
        input.sendKeys(text);
        return this;
    }

    /** What the script says. */
    String script() {
        return String.valueOf(
                driver.executeScript("return document.querySelector('.CodeMirror').CodeMirror.getValue()"));
    }

    /** Waits until the page says this. */
    TestingBrowser sees(String text) {
        patience.withMessage(() -> "the page does not say \"" + text + "\" but:\n" + text())
                .until(ignored -> text().contains(text));
        return this;
    }

    /** Waits until the page does not say this any more. */
    TestingBrowser seesNoMore(String text) {
        patience.withMessage(() -> "the page still says \"" + text + "\":\n" + text())
                .until(ignored -> !text().contains(text));
        return this;
    }

    /** Waits until the script says this. */
    TestingBrowser seesInScript(String text) {
        patience.withMessage(() -> "the script does not say \"" + text + "\" but:\n" + script())
                .until(ignored -> script().contains(text));
        return this;
    }

    String text() {
        return driver.findElement(By.tagName("body")).getText();
    }

    /** The page's source as it is now, with all that scripts have made. */
    String source() {
        return driver.getPageSource();
    }

    /** Looks at the page: takes pictures, wide and narrow, and asserts that nothing hinders people, and that nothing went wrong. */
    void look(String name) throws IOException {
        picture(name);
        driver.manage().window().setSize(new Dimension(500, 900));
        picture(name + "-narrow");
        assertThat((Boolean) driver.executeScript(
                        "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                .as(name + " fits into a narrow window")
                .isTrue();
        driver.manage().window().setSize(new Dimension(1400, 1000));
        assertThat(hindrances()).as("what hinders people on " + name).isEmpty();
        assertThat(complaints()).as("the browser's console on " + name).isEmpty();
    }

    private void picture(String name) throws IOException {
        Path folder = Files.createDirectories(Path.of(System.getProperty("transvase.screenshots")));
        Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
    }

    /** Serious faults that axe-core finds. */
    private List<String> hindrances() throws IOException {
        try (InputStream axe = TestingBrowser.class.getResourceAsStream(AXE)) {
            driver.executeScript(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        Object found = driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run({resultTypes: ['violations']}).then(result => done(result.violations.map(
                    one => ({impact: one.impact, text: one.id + ': ' + one.nodes.map(node => node.html).join(' ')}))));
                """);
        return ((List<?>) found)
                .stream()
                        .map(one -> (Map<?, ?>) one)
                        .filter(one -> GRAVE.contains(one.get("impact")))
                        .map(one -> String.valueOf(one.get("text")))
                        .toList();
    }

    /** Errors in the browser's console, but that the server refused what it has to refuse. */
    private List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !REFUSED.matcher(message).find())
                .toList();
    }

    private static String quoted(String text) {
        return text.contains("'") ? '"' + text + '"' : "'" + text + "'";
    }

    @Override
    public void close() {
        driver.quit();
    }
}
