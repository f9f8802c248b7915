package Consent::Test::Citizen;

# A citizen with a browser that keeps cookies and sends what a browser sends.
#
#   my $c = Consent::Test::Citizen->new($t);
#   my $page = $c->get('/.privacy/');
#   my %form = $c->form($page);             # the hidden fields of its form
#   my $r = $c->choose(level => 'contact'); # loads the page, fills in, sends
#   is($c->cookie, ...)                     # what she has of ours
#
# Options of new: port => n, base => '/.privacy/', headers => [..] sent always.

use strict;
use warnings;


sub new {
    my ($class, $t, %o) = @_;

    return bless { t => $t, port => 0, base => '/.privacy/', headers => [],
        jar => {}, %o }, $class;
}


sub cookie { return $_[0]{jar}{consent} }


sub origin {
    my ($self) = @_;

    return 'http://127.0.0.1:' . $self->{t}->port($self->{port});
}


# One request. What comes with Set-Cookie is kept, or dropped, as a browser
# would.
sub request {
    my ($self, $method, $uri, %o) = @_;

    my $jar = join '; ', map { "$_=$self->{jar}{$_}" } sort keys %{$self->{jar}};
    my @headers = (@{$self->{headers}}, @{delete $o{headers} // []});

    my $r = $self->{t}->request($method, $uri, port => $self->{port},
        headers => \@headers, length $jar ? (cookie => $jar) : (), %o);

    for my $line ($r->header('Set-Cookie')) {
        next if !defined $line;
        my ($name, $value) = $line =~ /^([^=;]+)=([^;]*)/ or next;

        if ($line =~ /Max-Age=0(?:;|$)/i) {
            delete $self->{jar}{$name};
        } else {
            $self->{jar}{$name} = $value;
        }
    }

    return $r;
}


sub get {
    my ($self, $uri, %o) = @_;

    unshift @{$o{headers}}, 'Accept', 'text/html,application/xhtml+xml,*/*;q=0.8';

    return $self->request('GET', $uri, %o);
}


sub json {
    my ($self, $method, $uri, %o) = @_;

    unshift @{$o{headers}}, 'Accept', 'application/json';

    return $self->request($method, $uri, %o);
}


# A form, sent by a page of the same origin.
sub post {
    my ($self, $uri, $fields, %o) = @_;

    unshift @{$o{headers}}, 'Accept', 'text/html,application/xhtml+xml,*/*;q=0.8',
        'Origin', $self->origin, 'Sec-Fetch-Site', 'same-origin';

    return $self->request('POST', $uri, form => $fields, %o);
}


# The hidden fields of the page's form, by the end of its action; of the form
# for a choice unless told otherwise.
sub form {
    my ($self, $page, $action) = @_;

    $action //= $self->{base};
    my $body = $page->body;

    while ($body =~ m{<form\b([^>]*)>(.*?)</form>}gs) {
        my ($head, $inside) = ($1, $2);
        next if $head !~ /action="\Q$action\E"/;

        my %fields;
        while ($inside =~ /<input\b([^>]*type="hidden"[^>]*)>/g) {
            my $input = $1;
            my ($name) = $input =~ /name="([^"]*)"/;
            my ($value) = $input =~ /value="([^"]*)"/;
            $fields{$name} = $value;
        }

        return %fields;
    }

    return;
}


# Loads the choice page and sends it with these fields.
sub choose {
    my ($self, %fields) = @_;

    my $page = $self->get($self->{base});
    my %form = $self->form($page);

    return $self->post($self->{base}, [%form, map {
        my $name = $_;
        map { ($name => $_) } ref $fields{$name} ? @{$fields{$name}} : $fields{$name};
    } sort keys %fields]);
}


# What is in force for her, from the API.
sub state {
    my ($self) = @_;

    return $self->json('GET', "$self->{base}api/v1/state")->json;
}


1;
