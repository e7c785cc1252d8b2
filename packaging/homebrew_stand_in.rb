# Evaluates a formula as Homebrew would on one system, and prints what it would download.
# usage: ruby homebrew_stand_in.rb FORMULA macos|linux arm|intel

FILE, SYSTEM, PROCESSOR = ARGV

class Formula
  class << self
    def desc(text)
      raise "`desc` has more than 80 characters" if text.length > 80
    end

    def homepage(_); end

    def license(any_of:)
      raise "`license` names none" if any_of.empty?
    end

    def version(text) = @version = text

    def url(text) = @url = text

    def sha256(text) = @sha256 = text

    def on_macos = (yield if SYSTEM == "macos")

    def on_linux = (yield if SYSTEM == "linux")

    def on_arm = (yield if PROCESSOR == "arm")

    def on_intel = (yield if PROCESSOR == "intel")

    def test; end

    def download = [@url, @sha256, @version].join(" ")
  end
end

load FILE
puts Mewshook.download
