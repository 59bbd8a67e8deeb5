/** The codeless UI: {@code BrowserUi} is what {@code transvase ui} finds, {@code UiServer} puts the rooms together. */
package dev.transvase.ui;
